package hartbeat.emulator.executor.translator;

import hartbeat.emulator.isa.Expression;
import hartbeat.emulator.isa.Expression.Leaf;
import hartbeat.emulator.isa.Instruction;
import hartbeat.emulator.isa.InstructionTable;
import hartbeat.emulator.isa.Operator;
import hartbeat.emulator.isa.Semantics;
import java.util.Arrays;

/**
 * The instruction table, made ready for code that is written at speed: the trees of {@link Semantics}, flattened by row. A row
 * whose tree has a shape that is not known here is {@link Kind#OTHER}, and is done in Java.
 */
public final class Operations {
    /** What the translator can do with an instruction. */
    public enum Kind {
        /** Nothing, not even for the order of accesses. */
        NOTHING,
        COMPUTE,
        LOAD,
        STORE,
        BRANCH,
        /** A jump to an address that is known once pc is. */
        JUMP,
        JUMP_INDIRECT,
        AMO,
        LOAD_RESERVED,
        STORE_CONDITIONAL,
        /** Accesses of a CSR: its number is the immediate, the operand is the right one, where IMM is the field of rs1. */
        CSR_WRITE,
        CSR_SET,
        CSR_CLEAR,
        /** SFENCE.VMA, which does nothing if it is allowed. */
        FENCE_VMA,
        /** Done by the interpreter's step core. */
        OTHER
    }

    /**
     * One row.
     *
     * @param operator of the value, the address, the condition or the target; a value that is a leaf alone is that leaf OR itself
     * @param width of the memory access in bytes
     * @param ends whether a block ends with it
     * @param onward whether control goes on to the next instruction if no exception is raised
     */
    public record Operation(
            Kind kind,
            Operator operator,
            Leaf left,
            Leaf right,
            int width,
            boolean signed,
            boolean ends,
            boolean onward) {}

    private static final Operation[] ROWS = build();

    private Operations() {}

    /** The row of an instruction's id. */
    public static Operation of(int id) {
        return ROWS[id];
    }

    private static Operation[] build() {
        Operation[] rows = new Operation[256];
        Operation illegal = other(true, false);
        Arrays.fill(rows, illegal);
        for (Instruction instruction : InstructionTable.ALL_INSTRUCTIONS) {
            rows[instruction.id()] = row(instruction);
        }
        return rows;
    }

    private static Operation row(Instruction instruction) {
        boolean ends = instruction.endsBlock();
        return switch (instruction.semantics()) {
            case Semantics.Compute compute -> flat(Kind.COMPUTE, compute.value(), 0, false, ends);
            case Semantics.Load load -> flat(Kind.LOAD, load.address(), load.width(), load.signed(), ends);
            case Semantics.Store store
            when store.value() == Leaf.RS2 -> flat(Kind.STORE, store.address(), store.width(), false, ends);
            case Semantics.Branch branch -> flat(Kind.BRANCH, branch.condition(), 0, false, ends);
            case Semantics.Jump jump -> {
                Kind kind = dependsOnRegister(jump.target()) ? Kind.JUMP_INDIRECT : Kind.JUMP;
                yield flat(kind, jump.target(), 0, false, ends);
            }
            case Semantics.Amo amo -> flat(Kind.AMO, amo.value(), 4, true, ends);
            case Semantics.SystemOperation system
            when system.kind() == Semantics.SystemKind.FENCE ->
                new Operation(Kind.NOTHING, Operator.OR, Leaf.IMM, Leaf.IMM, 0, false, ends, true);
            case Semantics.SystemOperation system
            when system.kind() == Semantics.SystemKind.SFENCE_VMA -> special(Kind.FENCE_VMA, Leaf.IMM, ends);
            case Semantics.LoadReserved _ -> special(Kind.LOAD_RESERVED, Leaf.IMM, ends);
            case Semantics.StoreConditional _ -> special(Kind.STORE_CONDITIONAL, Leaf.IMM, ends);
            case Semantics.Csr csr -> {
                Kind kind = switch (csr.action()) {
                    case WRITE -> Kind.CSR_WRITE;
                    case SET -> Kind.CSR_SET;
                    case CLEAR -> Kind.CSR_CLEAR;
                };
                yield special(kind, csr.immediate() ? Leaf.IMM : Leaf.RS1, ends);
            }
            default -> other(ends, onward(instruction.semantics()));
        };
    }

    private static Operation special(Kind kind, Leaf right, boolean ends) {
        return new Operation(kind, Operator.OR, Leaf.IMM, right, 4, true, ends, true);
    }

    private static Operation other(boolean ends, boolean onward) {
        return new Operation(Kind.OTHER, Operator.OR, Leaf.IMM, Leaf.IMM, 0, false, ends, onward);
    }

    private static Operation flat(Kind kind, Expression expression, int width, boolean signed, boolean ends) {
        return switch (expression) {
            case Leaf leaf
            when leaf == Leaf.IMM || kind == Kind.AMO ->
                new Operation(kind, Operator.OR, leaf, leaf, width, signed, ends, !ends);
            case Expression.Binary(Operator operator, Leaf left, Leaf right)
            when plain(kind, left, right) -> new Operation(kind, operator, left, right, width, signed, ends, !ends);
            default -> other(ends, !ends);
        };
    }

    private static boolean onward(Semantics semantics) {
        return switch (semantics) {
            case Semantics.Jump _, Semantics.Branch _ -> false;
            case Semantics.SystemOperation system ->
                switch (system.kind()) {
                    case FENCE, FENCE_I, SFENCE_VMA -> true;
                    case ECALL, EBREAK, MRET, SRET, WFI -> false;
                };
            default -> true;
        };
    }

    /** Whether both leaves are what the kind's code can have for operands. Blocks know a fixed jump's target already. */
    private static boolean plain(Kind kind, Leaf left, Leaf right) {
        return switch (kind) {
            case JUMP -> true;
            case AMO -> left == Leaf.MEMORY && right == Leaf.RS2;
            default -> left != Leaf.PC && left != Leaf.MEMORY && right != Leaf.PC && right != Leaf.MEMORY;
        };
    }

    private static boolean dependsOnRegister(Expression expression) {
        return switch (expression) {
            case Leaf leaf -> leaf == Leaf.RS1 || leaf == Leaf.RS2;
            case Expression.Binary binary -> dependsOnRegister(binary.left()) || dependsOnRegister(binary.right());
        };
    }
}
