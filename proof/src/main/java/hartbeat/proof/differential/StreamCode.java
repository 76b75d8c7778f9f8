package hartbeat.proof.differential;

import hartbeat.emulator.isa.CompressedInstruction;
import hartbeat.emulator.isa.CompressedTable;
import hartbeat.emulator.isa.Decoded;
import hartbeat.emulator.isa.InstructionTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Code under construction: half words, and jumps forward whose targets are not known yet. */
final class StreamCode {
    private static final int ECALL = 0x73;
    private static final int NOP = 0x0001;
    private static final Map<String, CompressedInstruction> COMPRESSED = compressed();

    private final int[] halves = new int[2 * Stream.MOST_CODE];
    private final List<Jump> jumps = new ArrayList<>();
    private final List<Integer> starts = new ArrayList<>();
    private int length;
    private int units;

    /** A jump at a half word to where the unit with a number begins. */
    private record Jump(int at, String mnemonic, int rd, int rs1, int rs2, int unit) {}

    private static Map<String, CompressedInstruction> compressed() {
        Map<String, CompressedInstruction> rows = new TreeMap<>();
        CompressedTable.ALL.forEach(row -> rows.put(row.mnemonic(), row));
        return rows;
    }

    /** Whether there is room for a few units more. */
    boolean hasRoom(int limit) {
        return length < limit;
    }

    /** A place that jumps may go to begins here. */
    void unit() {
        units++;
        starts.add(length);
        for (int i = jumps.size() - 1; i >= 0; i--) {
            if (jumps.get(i).unit <= units) {
                patch(jumps.remove(i));
            }
        }
    }

    /** Where units begin, in half words. */
    List<Integer> starts() {
        return starts;
    }

    int here() {
        return length;
    }

    void half(int value) {
        halves[length++] = value & 0xffff;
    }

    void word(int value) {
        half(value);
        half(value >>> 16);
    }

    void op(String mnemonic, int rd, int rs1, int rs2, int imm) {
        word(InstructionTable.named(mnemonic).encode(rd, rs1, rs2, imm));
    }

    void li(int rd, int value) {
        op("lui", rd, 0, 0, value + 0x800 & 0xffff_f000);
        op("addi", rd, rd, 0, value << 20 >> 20);
    }

    void csr(String mnemonic, int rd, int number, int operand) {
        op(mnemonic, rd, operand, 0, number);
    }

    /** A branch or JAL over some units. */
    void forward(String mnemonic, int rd, int rs1, int rs2, int over) {
        jumps.add(new Jump(length, mnemonic, rd, rs1, rs2, units + over + 1));
        if (mnemonic.startsWith("c.")) {
            half(NOP);
        } else {
            word(InstructionTable.named("addi").encode(0, 0, 0, 0));
        }
    }

    /** A branch back to a half word. */
    void back(String mnemonic, int rs1, int rs2, int to) {
        op(mnemonic, 0, rs1, rs2, 2 * (to - length));
    }

    private void patch(Jump jump) {
        int offset = 2 * (length - jump.at);
        CompressedInstruction row = COMPRESSED.get(jump.mnemonic);
        if (row != null) {
            halves[jump.at] = search(row, jump.rs1, offset);
        } else {
            int word = InstructionTable.named(jump.mnemonic).encode(jump.rd, jump.rs1, jump.rs2, offset);
            halves[jump.at] = word & 0xffff;
            halves[jump.at + 1] = word >>> 16;
        }
    }

    /** The 16-bit encoding with this immediate; a NOP if it does not reach. */
    private static int search(CompressedInstruction row, int rs1, int imm) {
        int free = ~row.mask() & 0xffff;
        for (int bits = free; ; bits = bits - 1 & free) {
            int encoding = row.match() | bits;
            if (row.matches(encoding)) {
                Decoded decoded = row.expand(encoding);
                if (decoded.imm() == imm
                        && (decoded.rs1() == rs1 || row.mnemonic().startsWith("c.j"))) {
                    return encoding;
                }
            }
            if (bits == 0) {
                return NOP;
            }
        }
    }

    /** The words, padded to a whole one, with the ECALL that ends a stream behind them. */
    int[] finish() {
        while (!jumps.isEmpty()) {
            unit();
        }
        if (length % 2 != 0) {
            half(NOP);
        }
        word(ECALL);
        int[] words = new int[length / 2];
        for (int i = 0; i < words.length; i++) {
            words[i] = halves[2 * i] | halves[2 * i + 1] << 16;
        }
        return words;
    }
}
