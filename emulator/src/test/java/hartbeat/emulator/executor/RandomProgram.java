package hartbeat.emulator.executor;

import hartbeat.emulator.isa.Csr;
import hartbeat.emulator.isa.Instruction;
import hartbeat.emulator.isa.InstructionTable;
import hartbeat.emulator.isa.Semantics;
import hartbeat.emulator.rig.Asm;
import hartbeat.emulator.rig.Rig;
import java.util.List;
import java.util.Random;

/**
 * Guests made from a seed: random instructions with traps, paging, devices, timers and stores into code and page tables. They may
 * do anything but end; what matters is that every executor does the same.
 *
 * <p>Layout: 0x80000000 handler and set-up, around 0x80003000 random code, 0x80006000 data, 0x80008000 root page table, 0x80009000 and
 * 0x8000a000 leaf tables. Virtual 0x80000000 is mapped by a leaf table of pages, 0x40000000 by another to the same RAM.
 */
public final class RandomProgram {
    /** Few instructions, so that each runs often, and across a page boundary. */
    private static final int CODE_WORDS = 96;

    private static final int CODE = 0x8000_3000 - 2 * CODE_WORDS;
    private static final int DATA = 0x8000_6000;
    private static final int ROOT = 0x8000_8000;
    private static final int LEAF = 0x8000_9000;
    private static final int ALIAS_LEAF = 0x8000_a000;
    /** From the tables of the first address space to those of the second. */
    private static final int SECOND = 0x8000;

    private static final int[] CSRS = {
        Csr.SSCRATCH,
        Csr.SEPC,
        Csr.SCAUSE,
        Csr.STVAL,
        Csr.SIE,
        Csr.SIP,
        Csr.SSTATUS,
        Csr.MSCRATCH,
        Csr.MEPC,
        Csr.MCAUSE,
        Csr.MTVAL,
        Csr.MIE,
        Csr.MIP,
        Csr.MSTATUS,
        Csr.CYCLE,
        Csr.TIME,
        Csr.INSTRET,
        Csr.MCYCLE,
        Csr.MINSTRET,
        Csr.MINSTRETH,
        Csr.STIMECMP,
        Csr.MEDELEG,
        Csr.MIDELEG,
        Csr.MCOUNTEREN,
        Csr.SCOUNTEREN,
        Csr.MCOUNTINHIBIT,
        Csr.PMPADDR0,
        Csr.PMPCFG0,
        Csr.SATP,
        Csr.MISA,
        Csr.MHARTID,
        0x7c0
    };

    private final Random random;
    private final boolean paged;
    private final Asm asm = new Asm();

    public RandomProgram(long seed) {
        random = new Random(seed);
        paged = random.nextInt(4) != 0;
    }

    public int[] code() {
        setUp();
        asm.org(CODE);
        while (asm.here() < CODE + 4 * CODE_WORDS) {
            one();
        }
        asm.org(DATA);
        while (asm.here() < ROOT) {
            asm.word(random.nextInt());
        }
        tables();
        return asm.code();
    }

    private void setUp() {
        asm.la(Asm.T0, "handler").csr("csrrw", 0, Csr.MTVEC, Asm.T0).csr("csrrw", 0, Csr.STVEC, Asm.T0);
        asm.csrSet(Csr.PMPADDR0, -1).csrSet(Csr.PMPADDR0 + 1, -1);
        asm.csrSet(Csr.PMPCFG0, 0x1f00);
        asm.csrSet(Csr.MEDELEG, random.nextBoolean() ? 0 : random.nextInt());
        asm.csrSet(Csr.MIDELEG, random.nextInt());
        asm.csrSet(Csr.MENVCFGH, random.nextInt());
        asm.csrSet(Csr.MCOUNTEREN, random.nextInt()).csrSet(Csr.SCOUNTEREN, random.nextInt());
        asm.csrSet(Csr.SATP, paged ? 1 << 31 | ROOT >>> 12 : 0);
        asm.csrSet(Csr.MIE, random.nextInt() & 0xaaa);
        asm.csrSet(Csr.MSTATUS, random.nextInt() & 0x7e_19aa);
        asm.li(Asm.T0, Rig.CLINT + 0x4000).li(Asm.T1, random.nextInt(20_000));
        asm.store("sw", Asm.T1, 0, Asm.T0).store("sw", 0, 4, Asm.T0);
        asm.csrSet(Csr.STIMECMP, random.nextInt(20_000)).csrSet(Csr.STIMECMPH, 0);
        enter();
        // The handler moves on to a place that depends on how often it ran, in a mode that depends on it too.
        asm.org(0x8000_0800).label("handler");
        asm.csr("csrrw", Asm.T0, Csr.MSCRATCH, Asm.T0);
        asm.csr("csrrs", Asm.T0, Csr.MINSTRET, 0);
        asm.imm("andi", Asm.T0, Asm.T0, 0x7e).imm("slli", Asm.T0, Asm.T0, 1);
        asm.li(Asm.T1, CODE).reg("add", Asm.T0, Asm.T0, Asm.T1);
        asm.csr("csrrw", 0, Csr.MEPC, Asm.T0);
        asm.csr("csrrs", Asm.T0, Csr.MCYCLE, 0).imm("slli", Asm.T0, Asm.T0, 9);
        // In some programs with TVM, TW and TSR at times.
        asm.li(Asm.T1, random.nextInt(4) == 0 ? 0x7e_19aa : 0xe_19aa).reg("and", Asm.T0, Asm.T0, Asm.T1);
        asm.csr("csrrw", 0, Csr.MSTATUS, Asm.T0);
        asm.imm("addi", Asm.T1, 0, 0x1f).imm("slli", Asm.T1, Asm.T1, 8).csr("csrrw", 0, Csr.PMPCFG0, Asm.T1);
        if (paged && random.nextInt(4) != 0) {
            // One of eight address spaces: two roots (SECOND apart), each with ASIDs 0 to 3.
            asm.csr("csrrs", Asm.T0, Csr.MCYCLE, 0).imm("andi", Asm.T0, Asm.T0, 1);
            asm.imm("slli", Asm.T0, Asm.T0, 3);
            asm.csr("csrrs", Asm.T1, Csr.MCYCLE, 0)
                    .imm("andi", Asm.T1, Asm.T1, 0x30)
                    .imm("slli", Asm.T1, Asm.T1, 18);
            asm.reg("add", Asm.T0, Asm.T0, Asm.T1);
            asm.li(Asm.T1, 1 << 31 | ROOT >>> 12).reg("add", Asm.T0, Asm.T0, Asm.T1);
            asm.csr("csrrw", 0, Csr.SATP, Asm.T0);
        }
        pointers();
        asm.plain("mret");
    }

    /** Registers x8 to x15 point where loads and stores are interesting; x28 to x31 hold what is worth storing there. */
    private void pointers() {
        asm.li(Asm.S0, DATA + random.nextInt(0x1000)).li(Asm.S1, DATA + 0xff0);
        asm.li(Asm.A0, CODE + 4 * random.nextInt(CODE_WORDS)).li(Asm.A1, LEAF + 4 * (2 + random.nextInt(6)));
        asm.li(Asm.A2, 0x4000_6000).li(Asm.A3, Rig.CONSOLE + 8 * random.nextInt(2) + 4);
        asm.li(Asm.A4, Rig.CLINT + (random.nextBoolean() ? 0xbff8 : 0)).li(Asm.A5, DATA + 4 * random.nextInt(512));
        asm.li(28, InstructionTable.named("addi").encode(16 + random.nextInt(8), 24, 0, random.nextInt(100)));
        asm.li(29, InstructionTable.named("jal").encode(24, 0, 0, 2 * random.nextInt(-20, 20)));
        asm.li(Asm.T2, 1 << 18);
        asm.li(30, entry(2 + random.nextInt(2))).li(31, entry(random.nextInt(8)));
    }

    /** A leaf entry that maps a page of this program, mostly with all rights; now and then, and data often, for data only. */
    private int entry(int page) {
        int rights = random.nextInt(page == (DATA >>> 12 & 31) ? 2 : 6) == 0 ? 0x07 : 0x0f;
        int flags = random.nextInt(8) == 0
                ? random.nextInt(256)
                : rights | (random.nextBoolean() ? 0x10 : 0) | random.nextInt(4) << 6;
        return (0x8_0000 + page) << 10 | flags;
    }

    private void enter() {
        pointers();
        asm.la(Asm.T0, "code").csr("csrrw", 0, Csr.MEPC, Asm.T0).plain("mret");
        asm.label("code").li(Asm.T0, CODE).imm("jalr", 0, Asm.T0, 0);
    }

    private void one() {
        int kind = random.nextInt(100);
        if (kind < 25) {
            compressedPair();
        } else if (kind < 32) {
            // Code changes itself.
            asm.store(random.nextInt(4) == 0 ? "sh" : "sw", 28 + random.nextInt(2), 4 * random.nextInt(-4, 8), Asm.A0);
        } else if (kind < 38) {
            // Page tables change, and nobody says so.
            asm.store("sw", 30 + random.nextInt(2), 0, Asm.A1);
        } else if (kind < 43) {
            reserved();
        } else if (kind < 49) {
            status();
        } else if (kind < 52) {
            onePlace();
        } else if (kind < 94) {
            any();
        } else if (kind < 98) {
            csr();
        } else {
            asm.word(random.nextInt());
        }
    }

    /** LR and SC of mostly the same word, with something in between that may end the reservation or change the word. */
    private void reserved() {
        int pointer = word();
        if (random.nextInt(4) != 0) {
            asm.word(InstructionTable.named("lr.w").encode(16 + random.nextInt(8), pointer, 0, 0));
        }
        if (random.nextInt(3) == 0) {
            any();
        }
        int other = random.nextInt(4) == 0 ? word() : pointer;
        int result = random.nextInt(8) == 0 ? 0 : 16 + random.nextInt(8);
        asm.word(InstructionTable.named("sc.w").encode(result, other, random.nextInt(32), 0));
    }

    /** A register that mostly points to an aligned word that may be stored to at once. */
    private int word() {
        int[] data = {Asm.S1, Asm.A2, Asm.A5};
        return random.nextInt(8) == 0 ? 8 + random.nextInt(8) : data[random.nextInt(data.length)];
    }

    /** Accesses in turn of pages that share a place in the access tables, with a change of their mapping now and then. */
    private void onePlace() {
        for (int i = 0; i < 6; i++) {
            int pointer = i % 2 == 0 ? Asm.A2 : Asm.A5;
            if (random.nextInt(3) == 0) {
                asm.store("sw", 20 + random.nextInt(4), 4 * random.nextInt(4), pointer);
            } else {
                asm.imm("lw", 20 + random.nextInt(4), pointer, 4 * random.nextInt(4));
            }
            if (random.nextInt(8) == 0) {
                asm.li(25, (random.nextBoolean() ? LEAF : ALIAS_LEAF) + 4 * (DATA >>> 12 & 0x3ff));
                asm.store("sw", 30 + random.nextInt(2), 0, 25);
            }
        }
    }

    /** What kernels do with sstatus, between which an interrupt may become pending: SIE, SUM, and what was read before. */
    private void status() {
        String action = random.nextBoolean() ? "csrrs" : "csrrc";
        int old = random.nextInt(3) == 0 ? 0 : 16 + random.nextInt(4);
        switch (random.nextInt(5)) {
            case 0 -> asm.csr(action + "i", old, Csr.SSTATUS, 2);
            case 1 -> {
                // A constant that is known when it is translated, or a register that never changes later.
                boolean known = random.nextBoolean();
                if (known) {
                    asm.li(24, random.nextInt(4) == 0 ? random.nextInt() : 1 << 18);
                }
                asm.csr(action, old, Csr.SSTATUS, known ? 24 : Asm.T2);
                asm.imm("lw", 25, word(), 0);
            }
            case 2 -> asm.csr(random.nextBoolean() ? action : "csrrw", old, Csr.SSTATUS, 16 + random.nextInt(4));
            case 3 -> asm.csr(action + "i", old, Csr.SIP, 2);
            default -> asm.csr("csrrs", old, random.nextBoolean() ? Csr.SSTATUS : Csr.SATP, 0);
        }
    }

    private void any() {
        List<Instruction> all = InstructionTable.ALL_INSTRUCTIONS;
        Instruction instruction = all.get(random.nextInt(all.size()));
        int rd = random.nextInt(8) == 0 ? random.nextInt(32) : 16 + random.nextInt(12);
        int pointer = 8 + random.nextInt(8);
        int value = random.nextInt(32);
        switch (instruction.semantics()) {
            case Semantics.Branch _ ->
                asm.word(instruction.encode(0, value, random.nextInt(32), 2 * random.nextInt(-40, 40)));
            case Semantics.Jump _ ->
                asm.word(instruction.encode(
                        rd, random.nextInt(3) == 0 ? value : Asm.A0, 0, 2 * random.nextInt(-40, 40)));
            case Semantics.Load _, Semantics.Store _ ->
                asm.word(instruction.encode(
                        rd,
                        pointer,
                        value,
                        random.nextInt(8) == 0 ? random.nextInt(-2048, 2048) : 4 * random.nextInt(4)));
            case Semantics.Csr _ -> csr();
            default ->
                asm.word(instruction.encode(rd, random.nextBoolean() ? pointer : value, value, random.nextInt()));
        }
    }

    private void csr() {
        String[] mnemonics = {"csrrw", "csrrs", "csrrc", "csrrwi", "csrrsi", "csrrci"};
        int number = CSRS[random.nextInt(CSRS.length)];
        boolean readOnly = number == Csr.PMPADDR0 || number == Csr.PMPCFG0 || number == Csr.SATP;
        asm.csr(
                readOnly ? "csrrs" : mnemonics[random.nextInt(mnemonics.length)],
                16 + random.nextInt(16),
                number,
                readOnly && random.nextInt(4) != 0 ? 0 : random.nextInt(32));
    }

    private void compressedPair() {
        asm.word((random.nextInt(0x1_0000) & ~3 | random.nextInt(3)) << 16
                | random.nextInt(0x1_0000) & ~3
                | random.nextInt(3));
    }

    private void tables() {
        tables(ROOT, LEAF, ALIAS_LEAF);
        // Here the same address may lie on another page, or in a superpage, with other rights.
        tables(ROOT + SECOND, LEAF + SECOND, ALIAS_LEAF + SECOND);
    }

    private void tables(int root, int leaf, int alias) {
        boolean superpage = root != ROOT && random.nextBoolean();
        int aliasEntry = superpage ? 0x8000_0000 >>> 12 << 10 | 0xcf | random.nextInt(2) << 4 : alias >>> 12 << 10 | 1;
        asm.org(root);
        for (int i = 0; i < 1024; i++) {
            asm.word(
                    switch (i) {
                        case 0x200 -> leaf >>> 12 << 10 | 1;
                        case 0x100 -> aliasEntry;
                        case 0x40 -> Rig.CONSOLE >>> 12 << 10 | 0xdf;
                        case 0x8 -> Rig.CLINT >>> 12 << 10 | 0xcf;
                        default -> 0;
                    });
        }
        for (int table = 0; table < 2; table++) {
            for (int i = 0; i < 1024; i++) {
                asm.word(entry(random.nextInt(16) == 0 ? random.nextInt(32) : i & 31));
            }
        }
    }
}
