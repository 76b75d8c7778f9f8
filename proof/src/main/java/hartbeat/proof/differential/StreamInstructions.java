package hartbeat.proof.differential;

import hartbeat.emulator.isa.CompressedInstruction;
import hartbeat.emulator.isa.CompressedTable;
import hartbeat.emulator.isa.Csr;
import hartbeat.emulator.isa.Decoded;
import hartbeat.emulator.isa.Decoder;
import hartbeat.emulator.isa.Instruction;
import hartbeat.emulator.isa.InstructionTable;
import hartbeat.emulator.isa.Semantics;
import hartbeat.emulator.mmu.Privilege;
import hartbeat.proof.fault.Seeded;
import java.util.List;

/**
 * Makes a stream's instructions, in units to whose beginnings jumps may go. Where the specification leaves a choice that depends on what
 * is cached (stores to code and page tables), a unit holds the fence too.
 *
 * <p>Registers: x2, x8, x9 point to data, x10 into the window, x4 to a page-table entry, x11 is for targets of jumps, x3 counts loops; the
 * others hold values.
 */
final class StreamInstructions {
    private static final int SP = 2;
    private static final int LOOP = 3;
    private static final int ENTRY = 4;
    private static final int S0 = 8;
    private static final int S1 = 9;
    private static final int A0 = 10;
    private static final int TARGET = 11;
    private static final int MPRV = 1 << 17;
    private static final int VSTIMECMP = 0x24d;
    private static final int VSTIMECMPH = 0x25d;
    private static final int UNLIKELY = 0x1234_5679;
    private static final int[] POINTERS = {SP, S0, S1, A0};
    private static final String[] BRANCHES = {"beq", "bne", "blt", "bge", "bltu", "bgeu"};
    private static final String[] WRITES = {"csrrw", "csrrs", "csrrc"};
    private static final List<Instruction> PLAIN = InstructionTable.ALL_INSTRUCTIONS.stream()
            .filter(instruction -> instruction.semantics() instanceof Semantics.Compute)
            .toList();
    private static final List<Instruction> MEMORY = InstructionTable.ALL_INSTRUCTIONS.stream()
            .filter(instruction -> switch (instruction.semantics()) {
                case Semantics.Load _, Semantics.Store _ -> true;
                default -> false;
            })
            .toList();
    private static final List<Instruction> AMOS = InstructionTable.ALL_INSTRUCTIONS.stream()
            .filter(instruction -> instruction.semantics() instanceof Semantics.Amo)
            .toList();

    /** Bases for which no access is made but in vain, on either machine. */
    private static final int[] NOWHERE = {0, 0x40, 0xc000_5000, 0xc040_0100, 0x8800_0000, -4, 0x0700_0000, 0xc080_0000};

    /** Read by both machines alike; those of S-mode are as good as any there. */
    private static final int[] READABLE = {
        Csr.SSTATUS,
        Csr.SIE,
        Csr.STVEC,
        Csr.SCOUNTEREN,
        Csr.SENVCFG,
        Csr.SSCRATCH,
        Csr.SEPC,
        Csr.SCAUSE,
        Csr.STVAL,
        Csr.SIP,
        Csr.SATP,
        Csr.STIMECMP,
        Csr.STIMECMPH,
        Csr.MEDELEG,
        Csr.MIDELEG,
        Csr.MIE,
        Csr.MIP,
        Csr.MTVEC,
        Csr.MCOUNTEREN,
        Csr.MENVCFG,
        Csr.MENVCFGH,
        Csr.MSTATUSH,
        Csr.MEPC,
        Csr.MCAUSE,
        Csr.MTVAL,
        Csr.PMPCFG0,
        Csr.PMPADDR0,
        Csr.PMPADDR0 + 2,
        Csr.MHARTID,
        Csr.MCONFIGPTR,
        Csr.MISA
    };

    /** Both have them, with values of their own. */
    private static final int[] UNLIKE = {
        Csr.CYCLE,
        Csr.TIME,
        Csr.INSTRET,
        Csr.CYCLEH,
        Csr.TIMEH,
        Csr.INSTRETH,
        Csr.MCYCLE,
        Csr.MINSTRET,
        Csr.MVENDORID,
        Csr.MARCHID,
        Csr.MIMPID,
        Csr.CYCLE + 3,
        Csr.CYCLEH + 3
    };

    private final Seeded random;
    private final StreamCode code;
    private final int mode;
    private final int interrupts;
    private final int offset;

    StreamInstructions(Seeded random, StreamCode code, int mode, int interrupts, int offset) {
        this.random = random;
        this.code = code;
        this.mode = mode;
        this.interrupts = interrupts;
        this.offset = offset;
    }

    /** Sets the registers that point somewhere. */
    void pointers(int[] words) {
        words[Stream.X + SP] = Stream.DATA + 0x400;
        words[Stream.X + LOOP] = 0;
        words[Stream.X + ENTRY] = random.chance(50)
                ? Stream.WINDOW_LEAF + 4 * (2 + below(6))
                : Stream.LEAF + (Stream.DATA >>> 10 & 0xffc) + 4 * below(2);
        words[Stream.X + S0] = Stream.DATA + below(0x300) * (random.chance(70) ? 4 : 1);
        words[Stream.X + S1] = Stream.DATA + Stream.PAGE - below(24);
        words[Stream.X + A0] = Stream.WINDOW + (2 + below(6)) * Stream.PAGE + below(0x1000);
        words[Stream.X + TARGET] = Stream.CODE + offset;
    }

    void unit() {
        code.unit();
        int kind = below(100);
        if (kind < 30) {
            plain();
        } else if (kind < 46) {
            compressed();
        } else if (kind < 62) {
            memory(MEMORY.get(below(MEMORY.size())));
        } else if (kind < 68) {
            atomic();
        } else if (kind < 75) {
            jump();
        } else if (kind < 79) {
            loop();
        } else if (kind < 91) {
            csr();
        } else if (kind < 94) {
            special();
        } else if (kind < 96) {
            illegal();
        } else if (kind < 98) {
            tables();
        } else {
            returns();
        }
    }

    private void plain() {
        Instruction instruction = PLAIN.get(below(PLAIN.size()));
        code.word(instruction.encode(target(), any(), any(), (int) random.next()));
    }

    /** Mostly one of the registers that hold values. */
    private int target() {
        return random.chance(4) ? 0 : random.chance(60) ? 12 + below(8) : random.chance(20) ? 1 : 12 + below(20);
    }

    private int any() {
        return random.chance(80) ? 12 + below(20) : below(32);
    }

    private int pointer() {
        return POINTERS[below(POINTERS.length)];
    }

    private void compressed() {
        for (int tries = 0; tries < 40; tries++) {
            CompressedInstruction row = CompressedTable.ALL.get(below(CompressedTable.ALL.size()));
            int bits = row.match() | (int) random.next() & ~row.mask() & 0xffff;
            if (row.equals(CompressedTable.find(bits)) && harmless(row.expand(bits))) {
                code.half(bits);
                return;
            }
        }
        code.half(0x0001);
    }

    private static boolean harmless(Decoded decoded) {
        int rd = decoded.rd();
        boolean value = rd == 0 || rd == 1 || rd >= 12;
        return switch (decoded.instruction().semantics()) {
            case Semantics.Compute _ ->
                value || (decoded.compressed().equals("c.addi16sp") && Math.abs(decoded.imm()) <= 32);
            case Semantics.Load _ -> value && pointsToData(decoded.rs1());
            case Semantics.Store _ -> pointsToData(decoded.rs1());
            default -> decoded.instruction().semantics() instanceof Semantics.SystemOperation;
        };
    }

    private static boolean pointsToData(int register) {
        return register == SP || register == S0 || register == S1 || register == A0;
    }

    private void memory(Instruction instruction) {
        int base = pointer();
        int distance = random.chance(60) ? 4 * below(32) : below(160) - 64;
        if (random.chance(6)) {
            base = 12 + below(8);
            code.li(base, NOWHERE[below(NOWHERE.length)]);
        }
        code.word(instruction.encode(target(), base, any(), distance));
    }

    private void atomic() {
        int base = pointer();
        int address = 12 + below(8);
        // Aligned, mostly.
        code.op("andi", address, base, 0, random.chance(85) ? -4 : -1);
        if (random.chance(60)) {
            Instruction amo = AMOS.get(below(AMOS.size()));
            code.word(amo.encode(target(), address, any(), 0) | below(4) << 25);
            return;
        }
        reserve(address);
    }

    /**
     * LR and SC. An SC that has no reservation may or may not raise the exceptions of a store, so it comes only where an AMO has just
     * succeeded: that has changed a register.
     */
    private void reserve(int address) {
        code.li(20, UNLIKELY);
        code.op("amoor.w", 20, address, 0, 0);
        code.li(21, UNLIKELY);
        int between = below(3);
        code.op("beq", 0, 20, 21, 4 * (3 + between));
        code.word(InstructionTable.named("lr.w").encode(22, address, 0, 0) | below(4) << 25);
        for (int i = 0; i < between; i++) {
            code.op("add", 24 + below(4), any(), any(), 0);
        }
        code.word(InstructionTable.named("sc.w").encode(28 + below(3), address, any(), 0) | below(4) << 25);
    }

    private void jump() {
        int kind = below(10);
        int over = below(3);
        if (kind < 5) {
            code.forward(BRANCHES[below(6)], 0, any(), any(), over);
        } else if (kind < 6) {
            code.forward("jal", target(), 0, 0, over);
        } else if (kind < 8) {
            String[] all = {"c.beqz", "c.bnez", "c.j", "c.jal"};
            code.forward(all[below(4)], 0, S0 + below(8), 0, over);
        } else if (kind < 9) {
            // Over itself, one instruction on, with a low bit that is to be ignored.
            code.op("auipc", TARGET, 0, 0, 0);
            code.op("jalr", target(), TARGET, 0, 8 + below(2));
        } else {
            code.li(TARGET, NOWHERE[below(NOWHERE.length)]);
            code.op("jalr", target(), TARGET, 0, 2 * below(8));
        }
    }

    private void loop() {
        code.op("addi", LOOP, 0, 0, 2 + below(6));
        int begin = code.here();
        for (int i = 1 + below(4); i > 0; i--) {
            switch (below(4)) {
                case 0, 1 -> plain();
                case 2 -> compressed();
                default -> memory(MEMORY.get(below(MEMORY.size())));
            }
        }
        code.op("addi", LOOP, LOOP, 0, -1);
        code.back("bne", LOOP, 0, begin);
    }

    private void csr() {
        boolean machine = mode == Privilege.MACHINE ? random.chance(85) : random.chance(8);
        int kind = below(10);
        if (kind < 3) {
            code.csr(random.chance(50) ? "csrrs" : "csrrc", target(), READABLE[below(READABLE.length)], 0);
        } else if (kind < 4) {
            code.csr("csrrs", 0, random.chance(60) ? UNLIKE[below(UNLIKE.length)] : absent(), 0);
        } else if (machine) {
            writeMachine();
        } else {
            writeSupervisor();
        }
    }

    /** A number that no machine of this kind has a CSR for, and QEMU neither. */
    private int absent() {
        int number;
        do {
            number = below(0x1000);
        } while (number == VSTIMECMP
                || number == VSTIMECMPH
                || (number & 0xf00) == 0x300
                || (number & 0xff0) == 0x7a0
                || (number & 0xf60) == 0xb00
                || (number & 0xf60) == 0xc00);
        return number;
    }

    private void writeSupervisor() {
        switch (below(8)) {
            case 0, 1 -> write(Csr.SSTATUS, (int) random.next() & 0xc_0122);
            case 2 -> write(Csr.SIE, (int) random.next() & interrupts);
            case 3 -> write(Csr.SIP, (int) random.next() & 2);
            case 4 -> code.csr(WRITES[below(3)], target(), Csr.SSCRATCH, any());
            case 5 -> write(Csr.SEPC, Stream.CODE + offset + 4 * below(16));
            case 6 -> code.csr(WRITES[below(3)], target(), random.chance(50) ? Csr.SCAUSE : Csr.STVAL, any());
            default -> write(Csr.SCOUNTEREN, below(8));
        }
    }

    private void writeMachine() {
        switch (below(13)) {
            case 0, 1 -> writeStatus();
            case 2 -> write(Csr.MIE, (int) random.next() & interrupts);
            case 3, 4 -> write(Csr.MIP, (int) random.next() & StreamGenerator.SUPERVISOR_INTERRUPTS);
            case 5 -> write(Csr.MIDELEG, (int) random.next() & StreamGenerator.SUPERVISOR_INTERRUPTS);
            case 6 -> write(Csr.MEDELEG, StreamGenerator.delegation(random));
            case 7 -> code.csr(WRITES[below(3)], target(), random.chance(50) ? Csr.MCAUSE : Csr.MTVAL, any());
            case 8 -> write(Csr.MCOUNTEREN, below(8));
            case 9 -> pmp();
            case 10 -> write(Csr.MEPC, Stream.CODE + offset + 4 * below(16));
            case 11 -> swap();
            default -> writeSupervisor();
        }
    }

    private void writeStatus() {
        int value = (int) random.next() & StreamGenerator.STATUS & ~StreamGenerator.MPP;
        if (random.chance(50)) {
            int[] modes = {0, 1, 3};
            register("csrrw", Csr.MSTATUS, value | modes[below(3)] << StreamGenerator.MPP_SHIFT);
        } else {
            register(random.chance(50) ? "csrrs" : "csrrc", Csr.MSTATUS, value);
        }
    }

    private void pmp() {
        int entry = 1 + below(3);
        if (random.chance(50)) {
            // The whole of it: what of an address's bits are left or added may be a range that reaches the page tables,
            // or ends at 0.
            register("csrrw", Csr.PMPADDR0 + entry, Stream.DATA + 4 * below(Stream.PAGE / 2 - 32) >>> 2 | below(16));
            // QEMU looks at the bottom of the range above when that range is configured only; so once more, with a
            // right added.
            code.csr("csrrsi", 0, Csr.PMPCFG0 + (entry + 1) / 4, 1);
        } else {
            int rights = below(8);
            int config = ((rights & 3) == 2 ? 0 : rights) | below(4) << 3;
            register("csrrw", Csr.PMPCFG0, config << 8 * entry);
        }
        // What is cached may follow the old settings until then.
        code.op("sfence.vma", 0, 0, 0, 0);
    }

    /** A trap vector that is in force for no instruction but the one that takes it back; an interrupt may come in between. */
    private void swap() {
        int register = 12 + below(8);
        int vector = random.chance(50) ? Csr.MTVEC : Csr.STVEC;
        code.li(register, NOWHERE[below(NOWHERE.length)] | below(2));
        code.csr("csrrw", register, vector, register);
        code.csr("csrrw", register, vector, register);
    }

    private void write(int number, int value) {
        if (value >>> 5 == 0 && random.chance(30)) {
            String[] immediate = {"csrrwi", "csrrsi", "csrrci"};
            code.csr(immediate[below(3)], target(), number, value);
        } else {
            register(WRITES[below(3)], number, value);
        }
    }

    private void register(String mnemonic, int number, int value) {
        int register = 12 + below(8);
        code.li(register, value);
        code.csr(mnemonic, target(), number, register);
    }

    private void special() {
        switch (below(8)) {
            case 0, 1 -> code.op("ecall", 0, 0, 0, 0);
            case 2 -> code.op("ebreak", 0, 0, 0, 0);
            case 3 -> code.op("sfence.vma", 0, random.chance(50) ? 0 : A0, random.chance(50) ? 0 : any(), 0);
            // Fields that mean nothing yet are to be ignored.
            case 4 -> code.word(0x0f | (int) random.next() & 0xfff0_0000 | (random.chance(50) ? 0x000f_8f80 : 0));
            case 5 -> code.word(0x100f | (random.chance(30) ? (int) random.next() & 0xffff_8f80 : 0));
            case 6 -> {
                // Waits for nothing: an interrupt is pending and enabled, though perhaps not to be taken.
                if (mode != Privilege.MACHINE || random.chance(30)) {
                    code.op("wfi", 0, 0, 0, 0);
                }
            }
            default -> changesCode();
        }
    }

    /** Overwrites the instruction behind the next but one, which it then fetches; with the rights of its own mode. */
    private void changesCode() {
        int value = 12 + below(8);
        if (mode == Privilege.MACHINE) {
            code.li(value, MPRV);
            code.csr("csrrc", 0, Csr.MSTATUS, value);
        }
        code.li(value, PLAIN.get(below(PLAIN.size())).encode(20 + below(8), any(), any(), (int) random.next()));
        code.op("auipc", TARGET, 0, 0, 0);
        code.op("sw", 0, TARGET, value, 16);
        code.op("fence.i", 0, 0, 0, 0);
        code.op("addi", 0, 0, 0, 0);
        code.op("addi", 0, 0, 0, 0);
    }

    private void illegal() {
        if (random.chance(50)) {
            int bits;
            do {
                bits = (int) random.next() | 3;
            } while (Decoder.decode(bits) != null);
            code.word(bits);
        } else {
            int bits;
            do {
                bits = below(1 << 16) & ~3 | below(3);
            } while (CompressedTable.find(bits) != null);
            code.half(bits);
        }
    }

    /** Changes an entry, says so, and uses it. */
    private void tables() {
        int value = 12 + below(8);
        int flags = random.chance(70) ? 7 | below(2) << 4 | below(4) << 6 : below(256) & ~8;
        code.li(value, Stream.DATA + below(2) * Stream.PAGE >>> 12 << 10 | flags);
        code.op("sw", 0, ENTRY, value, 4 * below(2));
        code.op("sfence.vma", 0, random.chance(70) ? 0 : A0, 0, 0);
        memory(MEMORY.get(below(MEMORY.size())));
    }

    /** MRET or SRET to the instruction behind it. */
    private void returns() {
        boolean machine = mode == Privilege.MACHINE && random.chance(70);
        int value = 12 + below(8);
        int[] modes = {0, 1, 3};
        if (machine) {
            int status = (int) random.next() & StreamGenerator.STATUS & ~StreamGenerator.MPP;
            code.li(value, status & ~MPRV | modes[below(3)] << StreamGenerator.MPP_SHIFT);
            code.csr("csrrw", 0, Csr.MSTATUS, value);
        } else {
            code.li(value, (int) random.next() & 0xc_0122);
            code.csr("csrrw", 0, Csr.SSTATUS, value);
        }
        code.op("auipc", TARGET, 0, 0, 0);
        code.op("addi", TARGET, TARGET, 0, 16);
        code.csr("csrrw", 0, machine ? Csr.MEPC : Csr.SEPC, TARGET);
        code.op(machine ? "mret" : "sret", 0, 0, 0, 0);
    }

    private int below(int bound) {
        return (int) random.below(bound);
    }
}
