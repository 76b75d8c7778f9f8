package hartbeat.emulator.executor.translator.x86;

import static hartbeat.emulator.executor.translator.x86.Assembler.RAX;
import static hartbeat.emulator.executor.translator.x86.Assembler.RCX;
import static hartbeat.emulator.executor.translator.x86.Assembler.RDX;

import hartbeat.emulator.executor.translator.Operations.Kind;
import hartbeat.emulator.executor.translator.Operations.Operation;
import hartbeat.emulator.hart.Elements;
import hartbeat.emulator.isa.Csr;
import hartbeat.emulator.isa.Expression.Leaf;
import hartbeat.emulator.mmu.AccessTable;
import hartbeat.emulator.mmu.Mmu;
import hartbeat.emulator.mmu.Privilege;

/**
 * Writes those system instructions that kernels execute all the time and that mostly change nothing but a word: accesses of plain CSRs
 * and of {@code sstatus}, and SFENCE.VMA. Each begins with what must hold for that; where it does not, Java does the instruction.
 */
final class SystemWriter {
    private static final int MOST_GUARDS = 4;

    private final Assembler a;
    private final Values values;

    /** Positions of the jumps of the last instruction to where Java does it. */
    private final int[] guards = new int[MOST_GUARDS];

    private int count;

    SystemWriter(Assembler assembler, Values values) {
        a = assembler;
        this.values = values;
    }

    /** How many jumps the last instruction has to where Java does it. */
    int guards() {
        return count;
    }

    int guard(int index) {
        return guards[index];
    }

    private void unless(int condition) {
        guards[count++] = a.jumpIf(condition, 0);
    }

    private void needs(int privilege) {
        count = 0;
        a.immediate(Assembler.EXT_CMP, State.memory(Elements.PRIVILEGE), privilege);
        unless(Assembler.BELOW);
    }

    /** There is nothing cached that could be out of date, so only the right to ask is looked at (Priv. 3.1.6.5). */
    void fenceVma() {
        needs(Privilege.SUPERVISOR);
        a.testImmediate(State.memory(Elements.MSTATUS), Elements.FENCE_TRAPS);
        unless(Assembler.NOT_EQUAL);
    }

    /**
     * An access of a CSR.
     *
     * @param rs1 the field, a guest register or the operand itself
     * @param rd 0 for none
     * @return false if nothing was written, as Java must do it always
     */
    boolean csr(Operation operation, int number, int rs1, int rd) {
        int plain = Elements.ofPlainCsr(number);
        if (plain < 0 && number != Csr.SSTATUS) {
            return false;
        }
        // Bits 9:8 of the number are the lowest privilege that may touch it (Priv. 2.1).
        needs(number >>> 8 & 3);
        int place = State.memory(plain < 0 ? Elements.MSTATUS : plain);
        a.move(RAX, place);
        if (plain < 0) {
            a.immediate(Assembler.EXT_AND, RAX, Elements.SSTATUS_FIELDS);
        }
        if (operation.kind() == Kind.CSR_WRITE || rs1 != 0) {
            if (operation.right() == Leaf.IMM) {
                a.moveImmediate(RCX, rs1);
            } else {
                values.load(RCX, rs1);
            }
            if (plain < 0) {
                status(operation.kind(), place, possible(operation, rs1) & Elements.SSTATUS_FIELDS);
            } else {
                plain(operation.kind(), place, Elements.writable(number));
            }
        }
        if (rd != 0) {
            a.move(State.place(rd), RAX);
        }
        return true;
    }

    private void plain(Kind kind, int place, int writable) {
        if (writable != -1) {
            a.immediate(Assembler.EXT_AND, RCX, writable);
        }
        switch (kind) {
            case CSR_SET -> a.rm(Assembler.OR + Assembler.TO_OPERAND, RCX, place);
            case CSR_CLEAR -> {
                a.group3(Assembler.EXT_NOT, RCX);
                a.rm(Assembler.AND + Assembler.TO_OPERAND, RCX, place);
            }
            default -> a.move(place, RCX);
        }
    }

    /** The bits that an access may change. */
    private int possible(Operation operation, int rs1) {
        if (operation.kind() == Kind.CSR_WRITE) {
            return -1;
        }
        return operation.right() == Leaf.IMM ? rs1 : values.isKnown(rs1) ? values.value(rs1) : -1;
    }

    /** The old fields are in eax, the operand in ecx, which becomes what changes. */
    private void status(Kind kind, int place, int possible) {
        switch (kind) {
            case CSR_SET -> {
                a.move(RDX, RAX);
                a.group3(Assembler.EXT_NOT, RDX);
                a.rm(Assembler.AND, RCX, RDX);
            }
            case CSR_CLEAR -> a.rm(Assembler.AND, RCX, RAX);
            default -> a.rm(Assembler.XOR, RCX, RAX);
        }
        a.immediate(Assembler.EXT_AND, RCX, Elements.SSTATUS_FIELDS);
        if (kind != Kind.CSR_CLEAR && (possible & Elements.SSTATUS_ENABLE) != 0) {
            a.immediate(Assembler.EXT_CMP, State.memory(State.PENDING), 0);
            unless(Assembler.NOT_EQUAL);
        }
        int userMemory = kind == Kind.CSR_WRITE ? 0 : possible & Elements.SSTATUS_USER_MEMORY;
        int forJava = possible & Elements.SSTATUS_TRANSLATION & ~userMemory;
        if (forJava != 0) {
            a.testImmediate(RCX, forJava);
            unless(Assembler.NOT_EQUAL);
        }
        if (userMemory != 0) {
            userMemory(kind == Kind.CSR_SET);
        }
        a.rm(Assembler.XOR + Assembler.TO_OPERAND, RCX, place);
    }

    /** If SUM changes, from the one access table of S-mode to the other, as around a kernel's accesses of user memory. */
    private void userMemory(boolean opens) {
        int from = opens ? Mmu.BANK_SUPERVISOR : Mmu.BANK_SUPERVISOR + 1;
        int to = opens ? Mmu.BANK_SUPERVISOR + 1 : Mmu.BANK_SUPERVISOR;
        a.testImmediate(RCX, Elements.SSTATUS_USER_MEMORY);
        int unchanged = a.jumpShortIf(Assembler.EQUAL);
        a.immediate(Assembler.EXT_CMP, State.memory(State.BANK), from);
        unless(Assembler.NOT_EQUAL);
        a.moveImmediate(State.memory(State.BANK), to);
        a.immediateWide(Assembler.EXT_ADD, State.TABLE, 8 * AccessTable.LENGTH * (to - from));
        a.patchShort(unchanged);
    }
}
