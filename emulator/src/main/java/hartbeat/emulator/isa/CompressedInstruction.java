package hartbeat.emulator.isa;

/**
 * One row of the table of 16-bit instructions (C extension): a pattern and the 32-bit instruction that it stands for.
 *
 * @param mask the bits of the 16-bit encoding that are fixed
 * @param match their value
 * @param rd where the operand comes from
 * @param nonzero bits of which at least one must be set, else the encoding is not this instruction; 0 for no such rule
 */
public record CompressedInstruction(
        String mnemonic,
        int mask,
        int match,
        int nonzero,
        Instruction base,
        Register rd,
        Register rs1,
        Register rs2,
        Scatter immediate) {

    /** Where a register number stands in a 16-bit encoding. */
    public enum Register {
        X0,
        X1,
        X2,
        /** Bits 11:7. */
        FULL_HIGH,
        /** Bits 6:2. */
        FULL_LOW,
        /** Bits 9:7, registers x8 to x15. */
        SHORT_HIGH,
        /** Bits 4:2, registers x8 to x15. */
        SHORT_LOW;

        int of(int bits) {
            return switch (this) {
                case X0 -> 0;
                case X1 -> 1;
                case X2 -> 2;
                case FULL_HIGH -> bits >>> 7 & 31;
                case FULL_LOW -> bits >>> 2 & 31;
                case SHORT_HIGH -> (bits >>> 7 & 7) + 8;
                case SHORT_LOW -> (bits >>> 2 & 7) + 8;
            };
        }
    }

    public boolean matches(int bits) {
        return (bits & mask) == match && (nonzero == 0 || (bits & nonzero) != 0);
    }

    public Decoded expand(int bits) {
        return new Decoded(base, bits, 2, rd.of(bits), rs1.of(bits), rs2.of(bits), immediate.of(bits), mnemonic);
    }
}
