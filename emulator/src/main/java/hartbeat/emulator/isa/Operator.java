package hartbeat.emulator.isa;

/** Operators on two 32-bit values (RV32I 2.4, M extension). Shifts use the low five bits of the second operand. */
public enum Operator {
    ADD("(%s + %s)"),
    SUB("(%s - %s)"),
    AND("(%s & %s)"),
    OR("(%s | %s)"),
    XOR("(%s ^ %s)"),
    SLL("(%s << %s)"),
    SRL("(%s >>> %s)"),
    SRA("(%s >> %s)"),
    SLT("(%s < %s ? 1 : 0)"),
    SLTU("(Integer.compareUnsigned(%s, %s) < 0 ? 1 : 0)"),
    EQ("(%s == %s ? 1 : 0)"),
    NE("(%s != %s ? 1 : 0)"),
    GE("(%s >= %s ? 1 : 0)"),
    GEU("(Integer.compareUnsigned(%s, %s) >= 0 ? 1 : 0)"),
    MUL("(%s * %s)"),
    MULH("Arithmetic.mulh(%s, %s)"),
    MULHSU("Arithmetic.mulhsu(%s, %s)"),
    MULHU("Arithmetic.mulhu(%s, %s)"),
    DIV("Arithmetic.div(%s, %s)"),
    DIVU("Arithmetic.divu(%s, %s)"),
    REM("Arithmetic.rem(%s, %s)"),
    REMU("Arithmetic.remu(%s, %s)"),
    MIN("Math.min(%s, %s)"),
    MAX("Math.max(%s, %s)"),
    MINU("Arithmetic.minu(%s, %s)"),
    MAXU("Arithmetic.maxu(%s, %s)");

    private final String java;

    Operator(String java) {
        this.java = java;
    }

    /** The operator as Java source, for the generator of the interpreter's core. */
    public String java(String left, String right) {
        return java.formatted(left, right);
    }

    /** Whether the result is a truth value, 0 or 1. */
    public boolean comparison() {
        return switch (this) {
            case SLT, SLTU, EQ, NE, GE, GEU -> true;
            default -> false;
        };
    }

    /** The operator's value, for those who walk the tree instead of compiling it. */
    public int apply(int a, int b) {
        return switch (this) {
            case ADD -> a + b;
            case SUB -> a - b;
            case AND -> a & b;
            case OR -> a | b;
            case XOR -> a ^ b;
            case SLL -> a << b;
            case SRL -> a >>> b;
            case SRA -> a >> b;
            case SLT -> a < b ? 1 : 0;
            case SLTU -> Integer.compareUnsigned(a, b) < 0 ? 1 : 0;
            case EQ -> a == b ? 1 : 0;
            case NE -> a == b ? 0 : 1;
            case GE -> a >= b ? 1 : 0;
            case GEU -> Integer.compareUnsigned(a, b) >= 0 ? 1 : 0;
            case MUL -> a * b;
            case MULH -> Arithmetic.mulh(a, b);
            case MULHSU -> Arithmetic.mulhsu(a, b);
            case MULHU -> Arithmetic.mulhu(a, b);
            case DIV -> Arithmetic.div(a, b);
            case DIVU -> Arithmetic.divu(a, b);
            case REM -> Arithmetic.rem(a, b);
            case REMU -> Arithmetic.remu(a, b);
            case MIN -> Math.min(a, b);
            case MAX -> Math.max(a, b);
            case MINU -> Arithmetic.minu(a, b);
            case MAXU -> Arithmetic.maxu(a, b);
        };
    }
}
