package hartbeat.emulator.rig;

import hartbeat.emulator.isa.Format;
import hartbeat.emulator.isa.Instruction;
import hartbeat.emulator.isa.InstructionTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A small assembler for tests: 32-bit instructions by mnemonic, forward and backward labels, a few pseudo-instructions. */
public final class Asm {
    public static final int ZERO = 0;
    public static final int RA = 1;
    public static final int SP = 2;
    public static final int T0 = 5;
    public static final int T1 = 6;
    public static final int T2 = 7;
    public static final int S0 = 8;
    public static final int S1 = 9;
    public static final int A0 = 10;
    public static final int A1 = 11;
    public static final int A2 = 12;
    public static final int A3 = 13;
    public static final int A4 = 14;
    public static final int A5 = 15;

    private final int base;
    private int[] words = new int[64];
    private int count;
    private final Map<String, Integer> labels = new HashMap<>();
    private final List<Fixup> fixups = new ArrayList<>();

    private record Fixup(int index, Instruction instruction, int rd, int rs1, int rs2, String label) {}

    /** Code that will stand at {@code base}. */
    public Asm(int base) {
        this.base = base;
    }

    /** Code at the beginning of RAM. */
    public Asm() {
        this(0x8000_0000);
    }

    public int here() {
        return base + 4 * count;
    }

    public Asm word(int value) {
        if (count == words.length) {
            words = Arrays.copyOf(words, 2 * count);
        }
        words[count++] = value;
        return this;
    }

    public Asm label(String name) {
        labels.put(name, here());
        return this;
    }

    /** Fills up with nops to an address. */
    public Asm org(int address) {
        while (here() != address) {
            op("addi", 0, 0, 0, 0);
        }
        return this;
    }

    public Asm op(String mnemonic, int rd, int rs1, int rs2, int imm) {
        return word(InstructionTable.named(mnemonic).encode(rd, rs1, rs2, imm));
    }

    /** {@code add rd, rs1, rs2} and its like, AMOs too. */
    public Asm reg(String mnemonic, int rd, int rs1, int rs2) {
        return op(mnemonic, rd, rs1, rs2, 0);
    }

    /** {@code addi rd, rs1, imm}, loads and jalr. */
    public Asm imm(String mnemonic, int rd, int rs1, int imm) {
        return op(mnemonic, rd, rs1, 0, imm);
    }

    /** {@code sw rs2, imm(rs1)}. */
    public Asm store(String mnemonic, int rs2, int imm, int rs1) {
        return op(mnemonic, 0, rs1, rs2, imm);
    }

    public Asm branch(String mnemonic, int rs1, int rs2, String label) {
        return fixup(mnemonic, 0, rs1, rs2, label);
    }

    public Asm jal(int rd, String label) {
        return fixup("jal", rd, 0, 0, label);
    }

    public Asm j(String label) {
        return jal(0, label);
    }

    /** {@code csrrw rd, csr, rs1} and its like. */
    public Asm csr(String mnemonic, int rd, int csr, int rs1) {
        return op(mnemonic, rd, rs1, 0, csr);
    }

    public Asm plain(String mnemonic) {
        return op(mnemonic, 0, 0, 0, 0);
    }

    /** Any 32-bit constant, always in two instructions. */
    public Asm li(int rd, int value) {
        op("lui", rd, 0, 0, value + 0x800 & 0xffff_f000);
        return imm("addi", rd, rd, value << 20 >> 20);
    }

    /** The address of a label, in two instructions. */
    public Asm la(int rd, String label) {
        fixups.add(new Fixup(count, InstructionTable.named("lui"), rd, 0, 0, label));
        return word(0).word(0);
    }

    /** Writes a constant to a CSR by way of t0. */
    public Asm csrSet(int csr, int value) {
        return li(T0, value).csr("csrrw", ZERO, csr, T0);
    }

    private Asm fixup(String mnemonic, int rd, int rs1, int rs2, String label) {
        fixups.add(new Fixup(count, InstructionTable.named(mnemonic), rd, rs1, rs2, label));
        return word(0);
    }

    public int address(String label) {
        Integer address = labels.get(label);
        if (address == null) {
            throw new IllegalArgumentException("no label " + label);
        }
        return address;
    }

    public int[] code() {
        for (Fixup fixup : fixups) {
            int target = address(fixup.label);
            if (fixup.instruction.format() == Format.U) {
                words[fixup.index] = fixup.instruction.encode(fixup.rd, 0, 0, target + 0x800 & 0xffff_f000);
                words[fixup.index + 1] =
                        InstructionTable.named("addi").encode(fixup.rd, fixup.rd, 0, target << 20 >> 20);
            } else {
                int offset = target - (base + 4 * fixup.index);
                words[fixup.index] = fixup.instruction.encode(fixup.rd, fixup.rs1, fixup.rs2, offset);
            }
        }
        return Arrays.copyOf(words, count);
    }
}
