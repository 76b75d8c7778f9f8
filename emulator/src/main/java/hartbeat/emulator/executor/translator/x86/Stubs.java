package hartbeat.emulator.executor.translator.x86;

import static hartbeat.emulator.executor.translator.x86.Assembler.RAX;
import static hartbeat.emulator.executor.translator.x86.Assembler.RBP;
import static hartbeat.emulator.executor.translator.x86.Assembler.RBX;
import static hartbeat.emulator.executor.translator.x86.Assembler.RCX;
import static hartbeat.emulator.executor.translator.x86.Assembler.RDI;
import static hartbeat.emulator.executor.translator.x86.Assembler.RDX;
import static hartbeat.emulator.executor.translator.x86.Assembler.RSI;

import hartbeat.emulator.mmu.AccessTable;

/** The few pieces of code that all units share, and the table of indirect jumps before them. */
final class Stubs {
    /** Entries of the jump table: a key (tag and pc) and the code's host address, 8 bytes each. */
    static final int JUMPS = 1 << 14;

    private static final int ENTRY_BYTES = 16;
    private static final int[] SAVED = {RBX, RBP, 12, 13, 14, 15};

    /** Called from Java: (registers, access table, code address, budget), gives the exit word. */
    final int enter;

    /** Leaves with the low half of the exit word in eax. */
    final int exit;

    /** The same, with the address to resume at in rcx. */
    final int siteExit;

    /** Goes on at the pc in eax if its code is known, else leaves with the low half of the exit word in ecx. */
    final int find;

    /**
     * Called with the masked address in edx and the place in rcx if the first look was in vain: looks at both entries of the place for
     * loads. Gives equality and what must be added to the address in rcx, or inequality.
     */
    final int secondLoad;

    /** The same for stores. */
    final int secondStore;

    /** The first position for units. */
    final int end;

    Stubs(Assembler a) {
        a.position(JUMPS * ENTRY_BYTES);
        enter = a.position();
        for (int register : SAVED) {
            a.push(register);
        }
        a.basedWide(0x8d, RBP, RDI, 4 * State.ORIGIN);
        a.rmWide(Assembler.MOV, State.TABLE, RSI);
        a.rm(Assembler.MOV, State.BUDGET, RCX);
        for (int i = 0; i < State.pinned(); i++) {
            a.rm(Assembler.MOV, State.pinnedHost(i), State.memory(State.pinnedGuest(i)));
        }
        a.jumpRegister(RDX);
        a.align(16);
        siteExit = a.position();
        a.rmWide(Assembler.MOV + Assembler.TO_OPERAND, RCX, State.memory(State.RESUME));
        exit = a.position();
        for (int i = 0; i < State.pinned(); i++) {
            a.rm(Assembler.MOV + Assembler.TO_OPERAND, State.pinnedHost(i), State.memory(State.pinnedGuest(i)));
        }
        a.shiftWide(Assembler.EXT_SHL, State.BUDGET, 32);
        a.rmWide(Assembler.OR, RAX, State.BUDGET);
        for (int i = SAVED.length - 1; i >= 0; i--) {
            a.pop(SAVED[i]);
        }
        a.ret();
        a.align(16);
        find = a.position();
        a.move(State.memory(State.SCRATCH), RCX);
        int miss = lookUp(a);
        a.patchJump(miss, a.position());
        a.move(RAX, State.memory(State.SCRATCH));
        a.jump(exit);
        secondLoad = secondLook(a, 0);
        secondStore = secondLook(a, 8 * AccessTable.STORES);
        a.align(16);
        end = a.position();
    }

    private static int secondLook(Assembler a, int entry) {
        a.align(16);
        int position = a.position();
        int second = entry + 8 * AccessTable.SECOND;
        a.indexed(Assembler.CMP, RDX, State.TABLE, RCX, second, 0);
        int notSecond = a.jumpShortIf(Assembler.NOT_EQUAL);
        a.indexedWide(Assembler.MOV, RCX, State.TABLE, RCX, second + 8);
        a.ret();
        a.patchShort(notSecond);
        a.indexed(Assembler.CMP, RDX, State.TABLE, RCX, entry, 0);
        int notFirst = a.jumpShortIf(Assembler.NOT_EQUAL);
        a.indexedWide(Assembler.MOV, RCX, State.TABLE, RCX, entry + 8);
        a.patchShort(notFirst);
        a.ret();
        return position;
    }

    /** Looks the pc in eax up and jumps to its code; gives the position of the displacement of the jump to where it is not found. */
    static int lookUp(Assembler a) {
        a.rm(Assembler.MOV, RCX, RAX);
        a.rm(Assembler.XOR, RCX, State.memory(State.HASH));
        a.immediate(Assembler.EXT_AND, RCX, 2 * (JUMPS - 1));
        a.leaPosition(RDX, 0);
        a.leaScaled8(RCX, RDX, RCX);
        a.rmWide(Assembler.OR, RAX, State.memory(State.TAG));
        a.basedWide(Assembler.CMP, RAX, RCX, 0);
        int miss = a.jumpIf(Assembler.NOT_EQUAL, 0);
        a.jumpTo(RCX, 8);
        return miss;
    }

    /** Position of the jump table's entry for a pc. */
    static int jumpEntry(int pc, int hash) {
        return ENTRY_BYTES * ((pc ^ hash) >>> 1 & JUMPS - 1);
    }

    /** What keeps tags apart in the jump table. */
    static int hash(int tag) {
        return tag * 0x9e37_79b1 >>> 13;
    }
}
