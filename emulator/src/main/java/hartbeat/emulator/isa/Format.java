package hartbeat.emulator.isa;

/** Operand formats: where operands stand in the 32-bit encoding (Unpriv. 2.2, 2.3) and how they are written. */
public enum Format {
    R("%rd, %rs1, %rs2"),
    I("%rd, %rs1, %imm"),
    SHIFT("%rd, %rs1, %imm"),
    LOAD("%rd, %imm(%rs1)"),
    S("%rs2, %imm(%rs1)"),
    B("%rs1, %rs2, %target"),
    U("%rd, %upper"),
    J("%rd, %target"),
    JALR("%rd, %imm(%rs1)"),
    CSR("%rd, %csr, %rs1"),
    CSRI("%rd, %csr, %uimm"),
    AMO("%rd, %rs2, (%rs1)"),
    LR("%rd, (%rs1)"),
    FENCE(""),
    NONE(""),
    SFENCE("%rs1, %rs2");

    private final String syntax;

    Format(String syntax) {
        this.syntax = syntax;
    }

    /** Operands as the assembler writes them, with placeholders. */
    public String syntax() {
        return syntax;
    }

    /** Whether the instruction writes a register. */
    public boolean writesRd() {
        return switch (this) {
            case S, B, FENCE, NONE, SFENCE -> false;
            default -> true;
        };
    }

    /** The immediate of a 32-bit encoding, sign-extended where the format says so; for CSR formats the CSR's number. */
    public int immediate(int bits) {
        return switch (this) {
            case I, LOAD, JALR -> bits >> 20;
            case SHIFT -> bits >>> 20 & 31;
            case CSR, CSRI -> bits >>> 20;
            case S -> (bits >> 25 << 5) | (bits >>> 7 & 31);
            case B -> (bits >> 31 << 12) | (bits << 4 & 0x800) | (bits >>> 20 & 0x7e0) | (bits >>> 7 & 0x1e);
            case U -> bits & 0xffff_f000;
            case J -> (bits >> 31 << 20) | (bits & 0xff000) | (bits >>> 9 & 0x800) | (bits >>> 20 & 0x7fe);
            case R, AMO, LR, FENCE, NONE, SFENCE -> 0;
        };
    }

    /** The inverse of {@link #immediate}: the bits of an encoding that hold {@code imm}. */
    public int encodeImmediate(int imm) {
        return switch (this) {
            case I, LOAD, JALR, CSR, CSRI -> imm << 20;
            case SHIFT -> (imm & 31) << 20;
            case S -> (imm >> 5 << 25) | ((imm & 31) << 7);
            case B -> (imm >> 12 << 31) | ((imm >> 5 & 63) << 25) | ((imm >> 1 & 15) << 8) | ((imm >> 11 & 1) << 7);
            case U -> imm & 0xffff_f000;
            case J -> (imm >> 20 << 31) | ((imm >> 1 & 0x3ff) << 21) | ((imm >> 11 & 1) << 20) | (imm & 0xff000);
            case R, AMO, LR, FENCE, NONE, SFENCE -> 0;
        };
    }
}
