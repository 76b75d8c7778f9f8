package hartbeat.emulator.isa;

import static hartbeat.emulator.isa.Expression.Leaf.IMM;
import static hartbeat.emulator.isa.Expression.Leaf.MEMORY;
import static hartbeat.emulator.isa.Expression.Leaf.PC;
import static hartbeat.emulator.isa.Expression.Leaf.RS1;
import static hartbeat.emulator.isa.Expression.Leaf.RS2;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** RV32IMA with Zicsr, Zifencei and the privileged instructions: the one list of what each encoding means. */
public final class InstructionTable {
    private static final int OPCODE = 0x0000_007f;
    private static final int FUNCT3 = 0x0000_707f;
    private static final int FUNCT7 = 0xfe00_707f;
    private static final int FUNCT5 = 0xf800_707f;
    private static final int ALL = 0xffff_ffff;

    private static final Expression ADDRESS = binary(Operator.ADD, RS1, IMM);
    private static final Expression PC_RELATIVE = binary(Operator.ADD, PC, IMM);

    /** All 32-bit instructions, in the order of their ids. */
    public static final List<Instruction> ALL_INSTRUCTIONS = build();

    private static final Instruction[][] BY_OPCODE_AND_FUNCT3 = index();

    private InstructionTable() {}

    /** The row that a 32-bit encoding belongs to, or null if it is illegal. */
    public static @Nullable Instruction find(int bits) {
        for (Instruction instruction : BY_OPCODE_AND_FUNCT3[key(bits)]) {
            if (instruction.matches(bits)) {
                return instruction;
            }
        }
        return null;
    }

    /** The row with this mnemonic; the table's own names only. */
    public static Instruction named(String mnemonic) {
        return ALL_INSTRUCTIONS.stream()
                .filter(instruction -> instruction.mnemonic().equals(mnemonic))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no instruction is called " + mnemonic));
    }

    private static int key(int bits) {
        return (bits & OPCODE) | (bits >>> 5 & 0x380);
    }

    private static Instruction[][] index() {
        Instruction[][] index = new Instruction[1024][0];
        for (Instruction instruction : ALL_INSTRUCTIONS) {
            for (int funct3 = 0; funct3 < 8; funct3++) {
                int bits = instruction.match() & OPCODE | funct3 << 12;
                if (((instruction.match() ^ bits) & instruction.mask() & FUNCT3) == 0) {
                    index[key(bits)] = with(index[key(bits)], instruction);
                }
            }
        }
        return index;
    }

    private static Instruction[] with(Instruction[] some, Instruction more) {
        Instruction[] all = Arrays.copyOf(some, some.length + 1);
        all[some.length] = more;
        return all;
    }

    private static List<Instruction> build() {
        Rows rows = new Rows();
        integer(rows);
        memory(rows);
        control(rows);
        multiply(rows);
        atomic(rows);
        system(rows);
        return List.copyOf(rows.list);
    }

    private static void integer(Rows rows) {
        rows.add("lui", Format.U, OPCODE, 0x37, new Semantics.Compute(IMM));
        rows.add("auipc", Format.U, OPCODE, 0x17, new Semantics.Compute(PC_RELATIVE));
        rows.immediate("addi", 0, Operator.ADD);
        rows.immediate("slti", 2, Operator.SLT);
        rows.immediate("sltiu", 3, Operator.SLTU);
        rows.immediate("xori", 4, Operator.XOR);
        rows.immediate("ori", 6, Operator.OR);
        rows.immediate("andi", 7, Operator.AND);
        rows.add("slli", Format.SHIFT, FUNCT7, 0x0000_1013, compute(Operator.SLL, RS1, IMM));
        rows.add("srli", Format.SHIFT, FUNCT7, 0x0000_5013, compute(Operator.SRL, RS1, IMM));
        rows.add("srai", Format.SHIFT, FUNCT7, 0x4000_5013, compute(Operator.SRA, RS1, IMM));
        rows.register("add", 0x00, 0, Operator.ADD);
        rows.register("sub", 0x20, 0, Operator.SUB);
        rows.register("sll", 0x00, 1, Operator.SLL);
        rows.register("slt", 0x00, 2, Operator.SLT);
        rows.register("sltu", 0x00, 3, Operator.SLTU);
        rows.register("xor", 0x00, 4, Operator.XOR);
        rows.register("srl", 0x00, 5, Operator.SRL);
        rows.register("sra", 0x20, 5, Operator.SRA);
        rows.register("or", 0x00, 6, Operator.OR);
        rows.register("and", 0x00, 7, Operator.AND);
    }

    private static void multiply(Rows rows) {
        rows.register("mul", 0x01, 0, Operator.MUL);
        rows.register("mulh", 0x01, 1, Operator.MULH);
        rows.register("mulhsu", 0x01, 2, Operator.MULHSU);
        rows.register("mulhu", 0x01, 3, Operator.MULHU);
        rows.register("div", 0x01, 4, Operator.DIV);
        rows.register("divu", 0x01, 5, Operator.DIVU);
        rows.register("rem", 0x01, 6, Operator.REM);
        rows.register("remu", 0x01, 7, Operator.REMU);
    }

    private static void memory(Rows rows) {
        rows.load("lb", 0, 1, true);
        rows.load("lh", 1, 2, true);
        rows.load("lw", 2, 4, true);
        rows.load("lbu", 4, 1, false);
        rows.load("lhu", 5, 2, false);
        rows.store("sb", 0, 1);
        rows.store("sh", 1, 2);
        rows.store("sw", 2, 4);
    }

    private static void control(Rows rows) {
        rows.branch("beq", 0, Operator.EQ);
        rows.branch("bne", 1, Operator.NE);
        rows.branch("blt", 4, Operator.SLT);
        rows.branch("bge", 5, Operator.GE);
        rows.branch("bltu", 6, Operator.SLTU);
        rows.branch("bgeu", 7, Operator.GEU);
        rows.add("jal", Format.J, OPCODE, 0x6f, new Semantics.Jump(PC_RELATIVE));
        rows.add("jalr", Format.JALR, FUNCT3, 0x67, new Semantics.Jump(ADDRESS));
    }

    private static void atomic(Rows rows) {
        rows.add("lr.w", Format.LR, 0xf9f0_707f, 0x1000_202f, new Semantics.LoadReserved());
        rows.add("sc.w", Format.AMO, FUNCT5, 0x1800_202f, new Semantics.StoreConditional());
        rows.amo("amoswap.w", 0x01, RS2);
        rows.amo("amoadd.w", 0x00, binary(Operator.ADD, MEMORY, RS2));
        rows.amo("amoxor.w", 0x04, binary(Operator.XOR, MEMORY, RS2));
        rows.amo("amoand.w", 0x0c, binary(Operator.AND, MEMORY, RS2));
        rows.amo("amoor.w", 0x08, binary(Operator.OR, MEMORY, RS2));
        rows.amo("amomin.w", 0x10, binary(Operator.MIN, MEMORY, RS2));
        rows.amo("amomax.w", 0x14, binary(Operator.MAX, MEMORY, RS2));
        rows.amo("amominu.w", 0x18, binary(Operator.MINU, MEMORY, RS2));
        rows.amo("amomaxu.w", 0x1c, binary(Operator.MAXU, MEMORY, RS2));
    }

    private static void system(Rows rows) {
        // FENCE's fields are hints and reserved orderings; all of them are executed as the strongest fence (Unpriv.
        // 2.7).
        rows.system("fence", Format.FENCE, FUNCT3, 0x0000_000f, Semantics.SystemKind.FENCE);
        rows.system("fence.i", Format.NONE, FUNCT3, 0x0000_100f, Semantics.SystemKind.FENCE_I);
        rows.system("ecall", Format.NONE, ALL, 0x0000_0073, Semantics.SystemKind.ECALL);
        rows.system("ebreak", Format.NONE, ALL, 0x0010_0073, Semantics.SystemKind.EBREAK);
        rows.system("sret", Format.NONE, ALL, 0x1020_0073, Semantics.SystemKind.SRET);
        rows.system("mret", Format.NONE, ALL, 0x3020_0073, Semantics.SystemKind.MRET);
        rows.system("wfi", Format.NONE, ALL, 0x1050_0073, Semantics.SystemKind.WFI);
        rows.system("sfence.vma", Format.SFENCE, 0xfe00_7fff, 0x1200_0073, Semantics.SystemKind.SFENCE_VMA);
        rows.csr("csrrw", 1, Semantics.CsrAction.WRITE, false);
        rows.csr("csrrs", 2, Semantics.CsrAction.SET, false);
        rows.csr("csrrc", 3, Semantics.CsrAction.CLEAR, false);
        rows.csr("csrrwi", 5, Semantics.CsrAction.WRITE, true);
        rows.csr("csrrsi", 6, Semantics.CsrAction.SET, true);
        rows.csr("csrrci", 7, Semantics.CsrAction.CLEAR, true);
    }

    private static Expression binary(Operator operator, Expression left, Expression right) {
        return new Expression.Binary(operator, left, right);
    }

    private static Semantics compute(Operator operator, Expression left, Expression right) {
        return new Semantics.Compute(binary(operator, left, right));
    }

    /** Collects rows; each method is one shape of row. */
    private static final class Rows {
        private final List<Instruction> list = new ArrayList<>();

        void add(String mnemonic, Format format, int mask, int match, Semantics semantics) {
            list.add(new Instruction(list.size(), mnemonic, format, mask, match, semantics));
        }

        void immediate(String mnemonic, int funct3, Operator operator) {
            add(mnemonic, Format.I, FUNCT3, funct3 << 12 | 0x13, compute(operator, RS1, IMM));
        }

        void register(String mnemonic, int funct7, int funct3, Operator operator) {
            add(mnemonic, Format.R, FUNCT7, funct7 << 25 | funct3 << 12 | 0x33, compute(operator, RS1, RS2));
        }

        void load(String mnemonic, int funct3, int width, boolean signed) {
            add(mnemonic, Format.LOAD, FUNCT3, funct3 << 12 | 0x03, new Semantics.Load(width, signed, ADDRESS));
        }

        void store(String mnemonic, int funct3, int width) {
            add(mnemonic, Format.S, FUNCT3, funct3 << 12 | 0x23, new Semantics.Store(width, ADDRESS, RS2));
        }

        void branch(String mnemonic, int funct3, Operator operator) {
            add(
                    mnemonic,
                    Format.B,
                    FUNCT3,
                    funct3 << 12 | 0x63,
                    new Semantics.Branch(binary(operator, RS1, RS2), PC_RELATIVE));
        }

        void amo(String mnemonic, int funct5, Expression value) {
            add(mnemonic, Format.AMO, FUNCT5, funct5 << 27 | 0x202f, new Semantics.Amo(value));
        }

        void system(String mnemonic, Format format, int mask, int match, Semantics.SystemKind kind) {
            add(mnemonic, format, mask, match, new Semantics.SystemOperation(kind));
        }

        void csr(String mnemonic, int funct3, Semantics.CsrAction action, boolean immediate) {
            add(
                    mnemonic,
                    immediate ? Format.CSRI : Format.CSR,
                    FUNCT3,
                    funct3 << 12 | 0x73,
                    new Semantics.Csr(action, immediate));
        }
    }
}
