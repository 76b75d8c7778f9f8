package hartbeat.emulator.isa;

/**
 * An instruction with its operands.
 *
 * @param bits the encoding as it stands in memory, 16-bit ones zero-extended; what {@code mtval} gets if it is illegal
 * @param length bytes, 2 or 4
 * @param compressed mnemonic of the 16-bit form, empty for a 32-bit encoding
 */
public record Decoded(
        Instruction instruction, int bits, int length, int rd, int rs1, int rs2, int imm, String compressed) {}
