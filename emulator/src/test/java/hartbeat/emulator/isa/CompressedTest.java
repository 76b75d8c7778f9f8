package hartbeat.emulator.isa;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** All 16-bit encodings of RV32IMAC: which are reserved, and some of each shape by hand (Unpriv. 27). */
class CompressedTest {
    /** Reserved, custom, or of extensions that are not here, straight from the specification's tables 31 to 33. */
    private static boolean illegal(int bits) {
        int funct3 = bits >>> 13;
        int rd = bits >>> 7 & 31;
        boolean bit12 = (bits & 0x1000) != 0;
        return switch (bits & 3) {
            case 0 ->
                switch (funct3) {
                    case 0 -> (bits & 0x1fe0) == 0;
                    case 2, 6 -> false;
                    default -> true;
                };
            case 1 ->
                switch (funct3) {
                    case 3 -> (bits & 0x107c) == 0;
                    case 4 -> bit12 && (bits & 0x0c00) != 0x0800;
                    default -> false;
                };
            default ->
                switch (funct3) {
                    case 0 -> bit12;
                    case 2 -> rd == 0;
                    case 4 -> !bit12 && rd == 0 && (bits & 0x7c) == 0;
                    case 6 -> false;
                    default -> true;
                };
        };
    }

    @Test
    void exactlyTheReservedEncodingsAreIllegal() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            if ((bits & 3) != 3) {
                assertThat(Decoder.decode(bits) == null).as("0x%04x", bits).isEqualTo(illegal(bits));
            }
        }
    }

    @Test
    void theFirstRowThatMatchesIsFound() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            int encoding = bits;
            assertThat(CompressedTable.find(encoding))
                    .as("0x%04x", encoding)
                    .isSameAs(CompressedTable.ALL.stream()
                            .filter(row -> row.matches(encoding))
                            .findFirst()
                            .orElse(null));
        }
    }

    @Test
    void theUpperHalfDoesNotCount() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            if ((bits & 3) != 3) {
                assertThat(Decoder.decode(bits | 0xa5c3_0000))
                        .as("0x%04x", bits)
                        .isEqualTo(Decoder.decode(bits));
            }
        }
    }

    @Test
    void operandsStandWhereTheSpecificationDrawsThem() {
        expands(0x1ffc, "addi a5, sp, 1020");
        expands(0x0808, "addi a0, sp, 16");
        expands(0x5ffc, "lw a5, 124(a5)");
        expands(0xc3a8, "sw a0, 64(a5)");
        expands(0x157d, "addi a0, a0, -1");
        expands(0x5501, "addi a0, zero, -32");
        expands(0x7139, "addi sp, sp, -64");
        expands(0x617d, "addi sp, sp, 496");
        expands(0x75fd, "lui a1, 0xfffff");
        expands(0x8505, "srai a0, a0, 1");
        expands(0x897d, "andi a0, a0, 31");
        expands(0x3ffd, "jal ra, 0xffe");
        expands(0xb001, "jal zero, 0x800");
        expands(0xd101, "beq a0, zero, 0xf00");
        expands(0xeffd, "bne a5, zero, 0x10fe");
        expands(0x50fe, "lw ra, 252(sp)");
        expands(0xdf86, "sw ra, 252(sp)");
        expands(0x8082, "jalr zero, 0(ra)");
        expands(0x9502, "jalr ra, 0(a0)");
        expands(0x9002, "ebreak");
        // HINTs do nothing that can be seen.
        expands(0x0001, "addi zero, zero, 0");
        expands(0x6005, "lui zero, 0x1");
        expands(0x8006, "add zero, zero, ra");
        expands(0x0502, "slli a0, a0, 0");
    }

    private static void expands(int bits, String text) {
        assertThat(Disassembler.disassemble(0x1000, bits)).as("0x%04x", bits).isEqualTo(text);
    }
}
