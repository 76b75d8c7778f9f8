package hartbeat.emulator.executor.translator.x86;

import static hartbeat.emulator.executor.translator.x86.Assembler.RAX;
import static hartbeat.emulator.executor.translator.x86.Assembler.RCX;
import static hartbeat.emulator.executor.translator.x86.Assembler.RDX;

import hartbeat.emulator.isa.Operator;

/**
 * Writes code for values: the operators of the instruction table on guest registers and constants. Keeps track of guest registers
 * whose value is known while code is written.
 */
final class Values {
    private final Assembler a;

    /** Bit set of the guest registers whose value is known, and the values. x0 is always one of them. */
    private int known;

    private final int[] knownValues = new int[32];

    /** The two operands that were set last: constants, or numbers of guest registers. */
    private boolean leftConstant;

    private int left;
    private boolean rightConstant;
    private int right;

    Values(Assembler a) {
        this.a = a;
    }

    void begin() {
        known = 1;
    }

    void unknown(int guest) {
        known &= ~(1 << guest) | 1;
    }

    boolean isKnown(int guest) {
        return (known >>> guest & 1) != 0;
    }

    int value(int guest) {
        return knownValues[guest];
    }

    void leftConstant(int value) {
        leftConstant = true;
        left = value;
    }

    void rightConstant(int value) {
        rightConstant = true;
        right = value;
    }

    void leftRegister(int guest) {
        leftConstant = isKnown(guest);
        left = leftConstant ? knownValues[guest] : guest;
    }

    void rightRegister(int guest) {
        rightConstant = isKnown(guest);
        right = rightConstant ? knownValues[guest] : guest;
    }

    /** Writes a constant to a guest register. */
    void constant(int guest, int value) {
        known |= 1 << guest;
        knownValues[guest] = value;
        a.moveImmediate(State.place(guest), value);
    }

    private void copy(int to, int from) {
        if (to == from) {
            return;
        }
        if (Assembler.isRegister(to) || Assembler.isRegister(from)) {
            a.move(to, from);
        } else {
            a.move(RAX, from);
            a.move(to, RAX);
        }
    }

    /** Loads a guest register or its known value into a host register. */
    void load(int host, int guest) {
        if (isKnown(guest)) {
            a.moveImmediate(host, knownValues[guest]);
        } else {
            a.move(host, State.place(guest));
        }
    }

    private void loadLeft(int host) {
        if (leftConstant) {
            a.moveImmediate(host, left);
        } else {
            a.move(host, State.place(left));
        }
    }

    private void loadRight(int host) {
        if (rightConstant) {
            a.moveImmediate(host, right);
        } else {
            a.move(host, State.place(right));
        }
    }

    /** The sum of both operands in eax; not for two constants. */
    void sumInRax() {
        if (rightConstant && !leftConstant && Assembler.isRegister(State.place(left)) && right != 0) {
            a.lea(RAX, State.place(left), right);
        } else {
            loadLeft(RAX);
            addTo(RAX);
        }
    }

    private void addTo(int host) {
        if (!rightConstant) {
            a.rm(Assembler.ADD, host, State.place(right));
        } else if (right != 0) {
            a.immediate(Assembler.EXT_ADD, host, right);
        }
    }

    /** If both operands are constants. */
    boolean constants() {
        return leftConstant && rightConstant;
    }

    int fold(Operator operator) {
        return operator.apply(left, right);
    }

    /** Applies an operator to both operands and writes the result to a guest register. */
    void apply(Operator operator, int guest) {
        if (constants()) {
            constant(guest, fold(operator));
            return;
        }
        switch (operator) {
            case ADD -> arithmetic(Assembler.ADD, Assembler.EXT_ADD, true, guest);
            case AND -> arithmetic(Assembler.AND, Assembler.EXT_AND, true, guest);
            case OR -> arithmetic(Assembler.OR, Assembler.EXT_OR, true, guest);
            case XOR -> arithmetic(Assembler.XOR, Assembler.EXT_XOR, true, guest);
            case SUB -> arithmetic(Assembler.SUB, Assembler.EXT_SUB, false, guest);
            case MUL -> multiply(guest);
            case SLL -> shift(Assembler.EXT_SHL, guest);
            case SRL -> shift(Assembler.EXT_SHR, guest);
            case SRA -> shift(Assembler.EXT_SAR, guest);
            case SLT, SLTU, EQ, NE, GE, GEU -> truth(operator, guest);
            case MULH -> multiplyHigh(Assembler.EXT_IMUL, guest);
            case MULHU -> multiplyHigh(Assembler.EXT_MUL, guest);
            case MULHSU -> multiplySignedUnsigned(guest);
            case DIV, REM -> divideSigned(operator == Operator.DIV, guest);
            case DIVU, REMU -> divideUnsigned(operator == Operator.DIVU, guest);
            case MIN, MAX, MINU, MAXU -> extreme(operator, guest);
        }
        unknown(guest);
    }

    private void swap() {
        boolean constant = leftConstant;
        int operand = left;
        leftConstant = rightConstant;
        left = right;
        rightConstant = constant;
        right = operand;
    }

    private void arithmetic(int opcode, int extension, boolean commutes, int guest) {
        if (leftConstant && commutes) {
            swap();
        }
        int to = State.place(guest);
        boolean register = Assembler.isRegister(to);
        if (rightConstant) {
            int from = State.place(left);
            if (left == guest) {
                if (right != 0 || extension == Assembler.EXT_AND) {
                    a.immediate(extension, to, right);
                }
            } else if (right == 0 && extension != Assembler.EXT_AND) {
                copy(to, from);
            } else {
                int host = register ? to : RAX;
                if (extension == Assembler.EXT_ADD && Assembler.isRegister(from)) {
                    a.lea(host, from, right);
                } else {
                    a.move(host, from);
                    a.immediate(extension, host, right);
                }
                a.move(to, host);
            }
            return;
        }
        if (commutes && right == guest && left != guest) {
            swap();
        }
        int other = State.place(right);
        if (!leftConstant && left == guest && (register || Assembler.isRegister(other))) {
            if (register) {
                a.rm(opcode, to, other);
            } else {
                a.rm(opcode + Assembler.TO_OPERAND, other, to);
            }
        } else if (register
                && extension == Assembler.EXT_ADD
                && Assembler.isRegister(State.place(left))
                && Assembler.isRegister(other)) {
            a.leaIndexed(to, State.place(left), other);
        } else {
            int host = register && right != guest ? to : RAX;
            loadLeft(host);
            a.rm(opcode, host, other);
            a.move(to, host);
        }
    }

    private void multiply(int guest) {
        if (leftConstant) {
            swap();
        }
        int to = State.place(guest);
        int host = Assembler.isRegister(to) ? to : RAX;
        if (rightConstant) {
            a.multiplyImmediate(host, State.place(left), right);
        } else {
            if (right == guest) {
                swap();
            }
            a.move(host, State.place(left));
            a.rm(Assembler.IMUL, host, State.place(right));
        }
        a.move(to, host);
    }

    private void shift(int extension, int guest) {
        int to = State.place(guest);
        boolean register = Assembler.isRegister(to);
        if (rightConstant) {
            int host = register || left == guest ? to : RAX;
            if (left != guest || leftConstant) {
                loadLeft(host);
            }
            if ((right & 31) != 0) {
                a.shift(extension, host, right & 31);
            }
            if (host != to) {
                a.move(to, host);
            }
            return;
        }
        a.move(RCX, State.place(right));
        int host = register ? to : RAX;
        loadLeft(host);
        a.shiftByRcx(extension, host);
        a.move(to, host);
    }

    private void truth(Operator operator, int guest) {
        int to = State.place(guest);
        boolean direct =
                Assembler.isRegister(to) && (leftConstant || left != guest) && (rightConstant || right != guest);
        if (direct) {
            a.rm(Assembler.XOR, to, to);
        }
        int condition = compare(operator);
        if (direct) {
            a.set(condition, to);
        } else {
            a.set(condition, RAX);
            a.rm(Assembler.MOVZX8, RAX, RAX);
            a.move(to, RAX);
        }
    }

    /** Compares both operands, which are not both constants; gives the condition under which the operator's value is 1. */
    int compare(Operator operator) {
        int condition = condition(operator);
        if (leftConstant) {
            swap();
            condition = swapped(condition);
        }
        int first = State.place(left);
        if (rightConstant) {
            if (right == 0 && Assembler.isRegister(first)) {
                a.test(first, first);
            } else {
                a.immediate(Assembler.EXT_CMP, first, right);
            }
        } else if (Assembler.isRegister(first)) {
            a.rm(Assembler.CMP, first, State.place(right));
        } else if (Assembler.isRegister(State.place(right))) {
            a.rm(Assembler.CMP + Assembler.TO_OPERAND, State.place(right), first);
        } else {
            a.move(RAX, first);
            a.rm(Assembler.CMP, RAX, State.place(right));
        }
        return condition;
    }

    private static int condition(Operator operator) {
        return switch (operator) {
            case EQ -> Assembler.EQUAL;
            case NE -> Assembler.NOT_EQUAL;
            case SLT -> Assembler.LESS;
            case GE -> Assembler.GREATER_EQUAL;
            case SLTU -> Assembler.BELOW;
            case GEU -> Assembler.ABOVE_EQUAL;
            default -> throw new IllegalArgumentException("not a comparison: " + operator);
        };
    }

    private static int swapped(int condition) {
        return switch (condition) {
            case Assembler.LESS -> Assembler.GREATER;
            case Assembler.GREATER_EQUAL -> Assembler.LESS_EQUAL;
            case Assembler.BELOW -> Assembler.ABOVE;
            case Assembler.ABOVE_EQUAL -> Assembler.BELOW_EQUAL;
            default -> condition;
        };
    }

    private void multiplyHigh(int extension, int guest) {
        loadLeft(RAX);
        loadRight(RCX);
        a.group3(extension, RCX);
        a.move(State.place(guest), RDX);
    }

    private void multiplySignedUnsigned(int guest) {
        loadLeft(RAX);
        a.signExtend(RAX, RAX);
        loadRight(RCX);
        a.rmWide(Assembler.IMUL, RAX, RCX);
        a.shiftWide(Assembler.EXT_SHR, RAX, 32);
        a.move(State.place(guest), RAX);
    }

    /** The host's division faults for a divisor of zero, and for the smallest number by -1; RISC-V's does not. */
    private void divideSigned(boolean quotient, int guest) {
        loadLeft(RAX);
        loadRight(RCX);
        a.test(RCX, RCX);
        int zero = a.jumpShortIf(Assembler.EQUAL);
        a.immediate(Assembler.EXT_CMP, RCX, -1);
        int minusOne = a.jumpShortIf(Assembler.EQUAL);
        a.cdq();
        a.group3(Assembler.EXT_IDIV, RCX);
        int done = a.jumpShort();
        a.patchShort(minusOne);
        a.moveImmediate(RDX, 0);
        a.group3(Assembler.EXT_NEG, RAX);
        int negated = a.jumpShort();
        a.patchShort(zero);
        a.move(RDX, RAX);
        a.moveImmediate(RAX, -1);
        a.patchShort(done);
        a.patchShort(negated);
        a.move(State.place(guest), quotient ? RAX : RDX);
    }

    private void divideUnsigned(boolean quotient, int guest) {
        loadLeft(RAX);
        loadRight(RCX);
        a.test(RCX, RCX);
        int zero = a.jumpShortIf(Assembler.EQUAL);
        a.rm(Assembler.XOR, RDX, RDX);
        a.group3(Assembler.EXT_DIV, RCX);
        int done = a.jumpShort();
        a.patchShort(zero);
        a.move(RDX, RAX);
        a.moveImmediate(RAX, -1);
        a.patchShort(done);
        a.move(State.place(guest), quotient ? RAX : RDX);
    }

    private void extreme(Operator operator, int guest) {
        loadLeft(RAX);
        loadRight(RCX);
        extreme(operator, RAX, RCX);
        a.move(State.place(guest), RAX);
    }

    private void extreme(Operator operator, int host, int other) {
        a.rm(Assembler.CMP, host, other);
        a.moveIf(
                switch (operator) {
                    case MIN -> Assembler.GREATER;
                    case MAX -> Assembler.LESS;
                    case MINU -> Assembler.ABOVE;
                    default -> Assembler.BELOW;
                },
                host,
                other);
    }

    boolean canAccumulate(Operator operator, int guest) {
        return switch (operator) {
            case ADD, AND, OR, XOR -> true;
            case MIN, MAX, MINU, MAXU -> !isKnown(guest);
            default -> false;
        };
    }

    /** Applies an AMO's operator to eax and a guest register, in eax; ecx and edx are kept. */
    void accumulate(Operator operator, int guest) {
        switch (operator) {
            case ADD -> accumulate(Assembler.ADD, Assembler.EXT_ADD, guest);
            case AND -> accumulate(Assembler.AND, Assembler.EXT_AND, guest);
            case OR -> accumulate(Assembler.OR, Assembler.EXT_OR, guest);
            case XOR -> accumulate(Assembler.XOR, Assembler.EXT_XOR, guest);
            case MIN, MAX, MINU, MAXU -> extreme(operator, RAX, State.place(guest));
            default -> throw new IllegalArgumentException("cannot accumulate " + operator);
        }
    }

    private void accumulate(int opcode, int extension, int guest) {
        if (isKnown(guest)) {
            a.immediate(extension, RAX, knownValues[guest]);
        } else {
            a.rm(opcode, RAX, State.place(guest));
        }
    }
}
