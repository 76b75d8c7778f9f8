package hartbeat.emulator.isa;

/** A 32-bit value as a tree. */
public sealed interface Expression {

    /** What an instruction's value can depend on. */
    enum Leaf implements Expression {
        RS1,
        RS2,
        IMM,
        /** Address of the instruction itself. */
        PC,
        /** The word that an AMO has read. */
        MEMORY
    }

    record Binary(Operator operator, Expression left, Expression right) implements Expression {}

    /** Evaluates the tree, for tests and for whoever needs no speed. */
    static int evaluate(Expression expression, int rs1, int rs2, int imm, int pc, int memory) {
        return switch (expression) {
            case Leaf leaf ->
                switch (leaf) {
                    case RS1 -> rs1;
                    case RS2 -> rs2;
                    case IMM -> imm;
                    case PC -> pc;
                    case MEMORY -> memory;
                };
            case Binary binary ->
                binary.operator()
                        .apply(
                                evaluate(binary.left(), rs1, rs2, imm, pc, memory),
                                evaluate(binary.right(), rs1, rs2, imm, pc, memory));
        };
    }
}
