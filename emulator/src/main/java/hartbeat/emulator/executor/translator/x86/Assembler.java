package hartbeat.emulator.executor.translator.x86;

import hartbeat.emulator.memory.HostMemory;

/**
 * Writes x86-64 instructions, each with one store of eight bytes and few branches, since translation cost is guest time.
 *
 * <p>An operand is a host register, 0 to 15, or a place in the hart's state that {@link #state} names. Operations are on 32 bits
 * unless they say otherwise. Positions are offsets into the code memory. At most 15 bytes beyond a position are overwritten.
 */
final class Assembler {
    static final int RAX = 0;
    static final int RCX = 1;
    static final int RDX = 2;
    static final int RBX = 3;
    static final int RSP = 4;
    static final int RBP = 5;
    static final int RSI = 6;
    static final int RDI = 7;

    /** Opcodes of the form {@code op reg, operand}. */
    static final int ADD = 0x03;

    static final int OR = 0x0b;
    static final int AND = 0x23;
    static final int SUB = 0x2b;
    static final int XOR = 0x33;
    static final int CMP = 0x3b;
    static final int MOV = 0x8b;
    static final int IMUL = 0xaf0f;
    static final int MOVZX8 = 0xb60f;
    static final int MOVSX8 = 0xbe0f;
    static final int MOVZX16 = 0xb70f;
    static final int MOVSX16 = 0xbf0f;

    /** Added to an opcode of the group ADD to CMP it gives {@code op operand, reg}; subtracted from MOV as well. */
    static final int TO_OPERAND = -2;

    /** Operations with an immediate, by their number in the group. */
    static final int EXT_ADD = 0;

    static final int EXT_OR = 1;
    static final int EXT_AND = 4;
    static final int EXT_SUB = 5;
    static final int EXT_XOR = 6;
    static final int EXT_CMP = 7;

    static final int EXT_SHL = 4;
    static final int EXT_SHR = 5;
    static final int EXT_SAR = 7;

    static final int EXT_TEST = 0;
    static final int EXT_NOT = 2;
    static final int EXT_NEG = 3;
    static final int EXT_MUL = 4;
    static final int EXT_IMUL = 5;
    static final int EXT_DIV = 6;
    static final int EXT_IDIV = 7;

    /** Condition codes. */
    static final int BELOW = 2;

    static final int ABOVE_EQUAL = 3;
    static final int EQUAL = 4;
    static final int NOT_EQUAL = 5;
    static final int BELOW_EQUAL = 6;
    static final int ABOVE = 7;
    static final int LESS = 12;
    static final int GREATER_EQUAL = 13;
    static final int LESS_EQUAL = 14;
    static final int GREATER = 15;

    private static final int STATE = 0x100;
    private static final int REX = 0x40;
    private static final int REX_W = 0x48;

    /** Host address of position 0, as far as writing goes. */
    private final long base;

    private int at;

    Assembler(long base) {
        this.base = base;
    }

    int position() {
        return at;
    }

    void position(int position) {
        at = position;
    }

    /** The operand at {@code [rbp + displacement]}, -128 to 127. */
    static int state(int displacement) {
        return STATE | displacement & 0xff;
    }

    static boolean isRegister(int operand) {
        return operand < STATE;
    }

    private void put(long bytes, int count) {
        HostMemory.i64(base + at, bytes);
        at += count;
    }

    void byte1(int value) {
        put(value, 1);
    }

    void int32(int value) {
        HostMemory.i32(base + at, value);
        at += 4;
    }

    /** Changes four bytes that were written before. */
    void patch32(int position, int value) {
        HostMemory.i32(base + position, value);
    }

    /** Changes a byte that was written before. */
    void patch8(int position, int value) {
        HostMemory.i8(base + position, value);
    }

    /** Makes the 32-bit displacement at {@code position} lead to {@code target}. */
    void patchJump(int position, int target) {
        patch32(position, target - (position + 4));
    }

    /** Makes the 8-bit displacement at {@code position} lead to where code is written now. */
    void patchShort(int position) {
        HostMemory.i8(base + position, at - (position + 1));
    }

    /** {@code op reg, operand}, for opcodes of one byte or two (0f first, in the low byte). */
    void rm(int opcode, int reg, int operand) {
        encode(opcode, reg, operand, 0);
    }

    /** The same on 64 bits. */
    void rmWide(int opcode, int reg, int operand) {
        encode(opcode, reg, operand, REX_W);
    }

    private void encode(int opcode, int reg, int operand, int wide) {
        int rex = wide | (reg & 8) >> 1;
        long bytes = opcode;
        int count = opcode > 0xff ? 2 : 1;
        int low = (reg & 7) << 3;
        if (operand < STATE) {
            rex |= operand >> 3;
            bytes |= (long) (0xc0 | low | operand & 7) << 8 * count++;
        } else {
            bytes |= (long) (0x45 | low | (operand & 0xff) << 8) << 8 * count;
            count += 2;
        }
        if (rex != 0) {
            bytes = bytes << 8 | REX | rex;
            count++;
        }
        put(bytes, count);
    }

    void move(int to, int from) {
        if (to != from) {
            if (isRegister(to)) {
                rm(MOV, to, from);
            } else {
                rm(MOV + TO_OPERAND, from, to);
            }
        }
    }

    /** {@code op operand, immediate} of the group ADD to CMP. */
    void immediate(int extension, int operand, int value) {
        if (value == (byte) value) {
            encode(0x83, extension, operand, 0);
            byte1(value);
        } else {
            encode(0x81, extension, operand, 0);
            int32(value);
        }
    }

    /** {@code op reg64, immediate} of the group ADD to CMP, sign-extended. */
    void immediateWide(int extension, int register, int value) {
        encode(0x81, extension, register, REX_W);
        int32(value);
    }

    /** {@link #immediate} with four bytes whatever the value, so that it can be patched; gives the value's position. */
    int immediate32(int extension, int operand, int value) {
        encode(0x81, extension, operand, 0);
        int32(value);
        return at - 4;
    }

    void moveImmediate(int operand, int value) {
        if (isRegister(operand)) {
            if (operand >= 8) {
                byte1(REX | 1);
            }
            put(0xb8 + (operand & 7) | (value & 0xffff_ffffL) << 8, 5);
        } else {
            encode(0xc7, 0, operand, 0);
            int32(value);
        }
    }

    /** {@code imul reg, operand, immediate}. */
    void multiplyImmediate(int reg, int operand, int value) {
        encode(0x69, reg, operand, 0);
        int32(value);
    }

    void shift(int extension, int operand, int count) {
        encode(0xc1, extension, operand, 0);
        byte1(count);
    }

    /** Shifts by cl. */
    void shiftByRcx(int extension, int operand) {
        encode(0xd3, extension, operand, 0);
    }

    void shiftWide(int extension, int register, int count) {
        encode(0xc1, extension, register, REX_W);
        byte1(count);
    }

    /** Multiplications and divisions of edx:eax, negation and complement of an operand. */
    void group3(int extension, int operand) {
        encode(0xf7, extension, operand, 0);
    }

    /** {@code test operand, immediate}. */
    void testImmediate(int operand, int value) {
        group3(EXT_TEST, operand);
        int32(value);
    }

    /** Sign-extends eax into edx. */
    void cdq() {
        byte1(0x99);
    }

    void test(int register, int other) {
        encode(0x85, register, other, 0);
    }

    /** {@code movsxd reg64, operand32}. */
    void signExtend(int register, int operand) {
        encode(0x63, register, operand, REX_W);
    }

    /** {@code lea reg, [base + displacement]} on 32 bits; base may be any register. */
    void lea(int reg, int baseRegister, int displacement) {
        based(0x8d, reg, baseRegister, displacement, 0);
    }

    /** {@code op reg, [base + displacement]}. */
    void based(int opcode, int reg, int baseRegister, int displacement, int wide) {
        int rex = wide | (reg & 8) >> 1 | baseRegister >> 3;
        boolean small = displacement == (byte) displacement;
        if (rex != 0) {
            byte1(REX | rex);
        }
        byte1(opcode);
        byte1((small ? 0x40 : 0x80) | (reg & 7) << 3 | baseRegister & 7);
        if ((baseRegister & 7) == RSP) {
            byte1(0x24);
        }
        if (small) {
            byte1(displacement);
        } else {
            int32(displacement);
        }
    }

    /** {@code op reg, [base + displacement]} on 64 bits. */
    void basedWide(int opcode, int reg, int baseRegister, int displacement) {
        based(opcode, reg, baseRegister, displacement, REX_W);
    }

    /** {@code lea reg, [base + index]} on 32 bits; index is not rsp. */
    void leaIndexed(int reg, int baseRegister, int index) {
        indexed(0x8d, reg, baseRegister, index, 0, 0);
    }

    /** {@code op reg, [base + index + displacement]}, -128 to 127; index is not rsp. */
    void indexed(int opcode, int reg, int baseRegister, int index, int displacement, int wide) {
        sib(opcode, reg, baseRegister, index, displacement, wide, 0);
    }

    /** {@code op reg, [base + index + displacement]} on 64 bits. */
    void indexedWide(int opcode, int reg, int baseRegister, int index, int displacement) {
        sib(opcode, reg, baseRegister, index, displacement, REX_W, 0);
    }

    private void sib(int opcode, int reg, int baseRegister, int index, int displacement, int wide, int scale) {
        int rex = wide | (reg & 8) >> 1 | (index & 8) >> 2 | baseRegister >> 3;
        boolean none = displacement == 0 && (baseRegister & 7) != RBP;
        long bytes = opcode;
        int count = opcode > 0xff ? 2 : 1;
        bytes |= (long) ((none ? 4 : 0x44) | (reg & 7) << 3) << 8 * count++;
        bytes |= (long) (scale << 6 | (index & 7) << 3 | baseRegister & 7) << 8 * count++;
        if (!none) {
            bytes |= (displacement & 0xffL) << 8 * count++;
        }
        if (rex != 0) {
            bytes = bytes << 8 | REX | rex;
            count++;
        }
        put(bytes, count);
    }

    /** {@code lea reg64, [base + 8 * index]}. */
    void leaScaled8(int reg, int baseRegister, int index) {
        sib(0x8d, reg, baseRegister, index, 0, REX_W, 3);
    }

    /** Stores the low 1, 2 or 4 bytes of a register at {@code [base + index]}; a byte only of rax to rbx and r8 to r15. */
    void storeIndexed(int width, int reg, int baseRegister, int index) {
        if (width == 2) {
            byte1(0x66);
        }
        indexed(width == 1 ? 0x88 : 0x89, reg, baseRegister, index, 0, 0);
    }

    /** Stores the low 1, 2 or 4 bytes of a constant at {@code [base + index]}. */
    void storeIndexedImmediate(int width, int value, int baseRegister, int index) {
        if (width == 2) {
            byte1(0x66);
        }
        indexed(width == 1 ? 0xc6 : 0xc7, 0, baseRegister, index, 0, 0);
        put(value & 0xffff_ffffL, width);
    }

    /** {@code lea reg64, [rip + ..]} so that it gives {@code target}'s address; the displacement's position. */
    int leaPosition(int reg, int target) {
        put(REX_W | reg >> 3 << 2 | 0x8d00 | (long) (5 | (reg & 7) << 3) << 16, 3);
        int32(target - (at + 4));
        return at - 4;
    }

    /** {@code setcc} of a byte register: rax to rbx, r8 to r15. */
    void set(int condition, int register) {
        if (register >= 8) {
            byte1(REX | 1);
        }
        put(0x0f | 0x90 + condition << 8 | 0xc0 + (register & 7) << 16, 3);
    }

    /** {@code cmovcc reg, operand}. */
    void moveIf(int condition, int reg, int operand) {
        encode(0x0f | 0x40 + condition << 8, reg, operand, 0);
    }

    /** Gives the displacement's position. */
    int jump(int target) {
        byte1(0xe9);
        int32(target - (at + 4));
        return at - 4;
    }

    void call(int target) {
        byte1(0xe8);
        int32(target - (at + 4));
    }

    /** Gives the displacement's position. */
    int jumpIf(int condition, int target) {
        put(0x0f | 0x80 + condition << 8, 2);
        int32(target - (at + 4));
        return at - 4;
    }

    /** A jump forward over less than 128 bytes, to be patched; gives the displacement's position. */
    int jumpShortIf(int condition) {
        put(0x70 + condition, 2);
        return at - 1;
    }

    int jumpShort() {
        put(0xeb, 2);
        return at - 1;
    }

    /** {@code jmp [base + displacement]}. */
    void jumpTo(int baseRegister, int displacement) {
        based(0xff, 4, baseRegister, displacement, 0);
    }

    void jumpRegister(int register) {
        encode(0xff, 4, register, 0);
    }

    void push(int register) {
        if (register >= 8) {
            byte1(REX | 1);
        }
        byte1(0x50 + (register & 7));
    }

    void pop(int register) {
        if (register >= 8) {
            byte1(REX | 1);
        }
        byte1(0x58 + (register & 7));
    }

    void ret() {
        byte1(0xc3);
    }

    /** Fills up to a multiple of a power of two; never executed. */
    void align(int powerOfTwo) {
        while ((at & powerOfTwo - 1) != 0) {
            byte1(0xcc);
        }
    }
}
