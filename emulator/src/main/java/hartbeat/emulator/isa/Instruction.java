package hartbeat.emulator.isa;

/**
 * One row of the table.
 *
 * @param id position in the table, from 0
 * @param mask the bits of the 32-bit encoding that are fixed
 * @param match their value
 */
public record Instruction(int id, String mnemonic, Format format, int mask, int match, Semantics semantics) {

    public boolean matches(int bits) {
        return (bits & mask) == match;
    }

    /** The 32-bit encoding with these operands; operands that the format lacks are ignored. */
    public int encode(int rd, int rs1, int rs2, int imm) {
        int operands = format.encodeImmediate(imm) | ((rd & 31) << 7) | ((rs1 & 31) << 15) | ((rs2 & 31) << 20);
        int immediateMask = format.encodeImmediate(-1);
        int registers = operands & ~immediateMask;
        return match | ((registers | format.encodeImmediate(imm)) & ~mask);
    }

    /** Whether control never simply goes on to the next instruction of the block after this one. */
    public boolean endsBlock() {
        return switch (semantics) {
            case Semantics.Branch _, Semantics.Jump _, Semantics.Csr _ -> true;
            case Semantics.SystemOperation system -> system.kind() != Semantics.SystemKind.FENCE;
            default -> false;
        };
    }
}
