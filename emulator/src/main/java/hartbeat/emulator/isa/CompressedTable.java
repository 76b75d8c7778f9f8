package hartbeat.emulator.isa;

import static hartbeat.emulator.isa.CompressedInstruction.Register.FULL_HIGH;
import static hartbeat.emulator.isa.CompressedInstruction.Register.FULL_LOW;
import static hartbeat.emulator.isa.CompressedInstruction.Register.SHORT_HIGH;
import static hartbeat.emulator.isa.CompressedInstruction.Register.SHORT_LOW;
import static hartbeat.emulator.isa.CompressedInstruction.Register.X0;
import static hartbeat.emulator.isa.CompressedInstruction.Register.X1;
import static hartbeat.emulator.isa.CompressedInstruction.Register.X2;

import hartbeat.emulator.isa.CompressedInstruction.Register;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The C extension for RV32 without floating point. Where two rows match, the first counts. HINT encodings (a computation into x0, a
 * shift by 0) are their base instruction, which does nothing visible; reserved encodings match no row.
 */
public final class CompressedTable {
    private static final int FUNCT3 = 0xe003;
    private static final int KEYS = 32;
    private static final int RD = 0x0f80;
    private static final int RS2 = 0x007c;
    private static final Scatter IMM6 = Scatter.signed("5@12 4:0@6");
    private static final Scatter SHAMT = Scatter.unsigned("4:0@6");
    private static final Scatter WORD = Scatter.unsigned("5:3@12 2@6 6@5");
    private static final Scatter JUMP = Scatter.signed("11@12 4@11 9:8@10 10@8 6@7 7@6 3:1@5 5@2");
    private static final Scatter BRANCH = Scatter.signed("8@12 4:3@11 7:6@6 2:1@4 5@2");

    /** All rows. */
    public static final List<CompressedInstruction> ALL = build();

    private static final List<List<CompressedInstruction>> BY_FUNCT3 = index();

    private CompressedTable() {}

    /** The row that a 16-bit encoding belongs to, or null if it is illegal. */
    public static @Nullable CompressedInstruction find(int bits) {
        for (CompressedInstruction row : BY_FUNCT3.get(key(bits))) {
            if (row.matches(bits)) {
                return row;
            }
        }
        return null;
    }

    /** Quadrant and funct3, which every row names. */
    private static int key(int bits) {
        return bits & 3 | bits >>> 11 & 0x1c;
    }

    private static List<List<CompressedInstruction>> index() {
        List<List<CompressedInstruction>> index = new ArrayList<>();
        for (int key = 0; key < KEYS; key++) {
            index.add(new ArrayList<>());
        }
        ALL.forEach(row -> index.get(key(row.match())).add(row));
        return index;
    }

    private static List<CompressedInstruction> build() {
        Rows rows = new Rows();
        quadrant0(rows);
        quadrant1(rows);
        quadrant2(rows);
        return List.copyOf(rows.list);
    }

    private static void quadrant0(Rows rows) {
        rows.add(
                "c.addi4spn",
                FUNCT3,
                0x0000,
                0x1fe0,
                "addi",
                SHORT_LOW,
                X2,
                X0,
                Scatter.unsigned("5:4@12 9:6@10 2@6 3@5"));
        rows.add("c.lw", FUNCT3, 0x4000, 0, "lw", SHORT_LOW, SHORT_HIGH, X0, WORD);
        rows.add("c.sw", FUNCT3, 0xc000, 0, "sw", X0, SHORT_HIGH, SHORT_LOW, WORD);
    }

    private static void quadrant1(Rows rows) {
        rows.add("c.addi", FUNCT3, 0x0001, 0, "addi", FULL_HIGH, FULL_HIGH, X0, IMM6);
        rows.add("c.jal", FUNCT3, 0x2001, 0, "jal", X1, X0, X0, JUMP);
        rows.add("c.li", FUNCT3, 0x4001, 0, "addi", FULL_HIGH, X0, X0, IMM6);
        rows.add(
                "c.addi16sp",
                FUNCT3 | RD,
                0x6101,
                0x107c,
                "addi",
                X2,
                X2,
                X0,
                Scatter.signed("9@12 4@6 6@5 8:7@4 5@2"));
        // rd = 2 with a zero immediate is reserved, and would match here if the immediate were not demanded.
        rows.add("c.lui", FUNCT3, 0x6001, 0x107c, "lui", FULL_HIGH, X0, X0, Scatter.signed("17@12 16:12@6"));
        rows.add("c.srli", 0xfc03, 0x8001, 0, "srli", SHORT_HIGH, SHORT_HIGH, X0, SHAMT);
        rows.add("c.srai", 0xfc03, 0x8401, 0, "srai", SHORT_HIGH, SHORT_HIGH, X0, SHAMT);
        rows.add("c.andi", 0xec03, 0x8801, 0, "andi", SHORT_HIGH, SHORT_HIGH, X0, IMM6);
        rows.add("c.sub", 0xfc63, 0x8c01, 0, "sub", SHORT_HIGH, SHORT_HIGH, SHORT_LOW, Scatter.NONE);
        rows.add("c.xor", 0xfc63, 0x8c21, 0, "xor", SHORT_HIGH, SHORT_HIGH, SHORT_LOW, Scatter.NONE);
        rows.add("c.or", 0xfc63, 0x8c41, 0, "or", SHORT_HIGH, SHORT_HIGH, SHORT_LOW, Scatter.NONE);
        rows.add("c.and", 0xfc63, 0x8c61, 0, "and", SHORT_HIGH, SHORT_HIGH, SHORT_LOW, Scatter.NONE);
        rows.add("c.j", FUNCT3, 0xa001, 0, "jal", X0, X0, X0, JUMP);
        rows.add("c.beqz", FUNCT3, 0xc001, 0, "beq", X0, SHORT_HIGH, X0, BRANCH);
        rows.add("c.bnez", FUNCT3, 0xe001, 0, "bne", X0, SHORT_HIGH, X0, BRANCH);
    }

    private static void quadrant2(Rows rows) {
        rows.add("c.slli", 0xf003, 0x0002, 0, "slli", FULL_HIGH, FULL_HIGH, X0, SHAMT);
        rows.add("c.lwsp", FUNCT3, 0x4002, RD, "lw", FULL_HIGH, X2, X0, Scatter.unsigned("5@12 4:2@6 7:6@3"));
        rows.add("c.jr", 0xf07f, 0x8002, RD, "jalr", X0, FULL_HIGH, X0, Scatter.NONE);
        rows.add("c.mv", 0xf003, 0x8002, RS2, "add", FULL_HIGH, X0, FULL_LOW, Scatter.NONE);
        rows.add("c.ebreak", 0xffff, 0x9002, 0, "ebreak", X0, X0, X0, Scatter.NONE);
        rows.add("c.jalr", 0xf07f, 0x9002, RD, "jalr", X1, FULL_HIGH, X0, Scatter.NONE);
        rows.add("c.add", 0xf003, 0x9002, RS2, "add", FULL_HIGH, FULL_HIGH, FULL_LOW, Scatter.NONE);
        rows.add("c.swsp", FUNCT3, 0xc002, 0, "sw", X0, X2, FULL_LOW, Scatter.unsigned("5:2@12 7:6@8"));
    }

    private static final class Rows {
        private final List<CompressedInstruction> list = new ArrayList<>();

        void add(
                String mnemonic,
                int mask,
                int match,
                int nonzero,
                String base,
                Register rd,
                Register rs1,
                Register rs2,
                Scatter immediate) {
            list.add(new CompressedInstruction(
                    mnemonic, mask, match, nonzero, InstructionTable.named(base), rd, rs1, rs2, immediate));
        }
    }
}
