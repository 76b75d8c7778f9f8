package hartbeat.emulator.executor.translator.x86;

import static hartbeat.emulator.executor.translator.x86.Assembler.RAX;
import static hartbeat.emulator.executor.translator.x86.Assembler.RCX;

import hartbeat.emulator.executor.translator.BackEnd;
import java.util.Arrays;

/**
 * Where exits stand in the code, and how they are made to lead somewhere.
 *
 * <p>A near exit, to the unit's own page, is one jump. A far exit compares the tag first: {@code cmp [tag], imm32; jne rel32; jmp
 * rel32}. With another tag it looks the target up as an indirect jump would.
 */
final class ExitTable {
    /** From the tag's position to those of the two displacements. */
    private static final int TO_OTHER = 6;

    private static final int TO_JUMP = 11;
    private static final int NEAR = 0;

    /** Bytes of the code that leaves, which stands before the code that looks the target up. */
    private static final int LEAVE_BYTES = 10;

    private final Assembler a;
    private final Stubs stubs;

    /** Positions of the displacement of the jump to the target. */
    private int[] jumps = new int[1 << 10];

    /** Positions of the tag, or {@link #NEAR}. */
    private int[] tags = new int[1 << 10];

    /** Positions of the code that leaves. */
    private int[] leaves = new int[1 << 10];

    ExitTable(Assembler assembler, Stubs stubs) {
        a = assembler;
        this.stubs = stubs;
    }

    /** Notes an exit with the position of its jump's displacement; gives the exit. */
    int near(int exit, int jump) {
        return note(exit, jump, NEAR);
    }

    /** Notes an exit with the position of its tag; gives the exit. */
    int far(int exit, int tag) {
        return note(exit, tag + TO_JUMP, tag);
    }

    private int note(int exit, int jump, int tag) {
        if (exit >= jumps.length) {
            jumps = Arrays.copyOf(jumps, 2 * exit);
            tags = Arrays.copyOf(tags, 2 * exit);
            leaves = Arrays.copyOf(leaves, 2 * exit);
        }
        jumps[exit] = jump;
        tags[exit] = tag;
        return exit;
    }

    /** Writes what a near exit does while it leads nowhere. */
    void nearStub(int exit) {
        leave(exit);
        a.patchJump(jumps[exit], leaves[exit]);
    }

    /** Writes what a far exit does while it leads nowhere, and while another tag is in force. */
    void farStub(int exit, int target) {
        leave(exit);
        a.patchJump(jumps[exit], leaves[exit]);
        a.patchJump(tags[exit] + TO_OTHER, leaves[exit]);
        a.moveImmediate(RCX, BackEnd.EXIT | exit << 2);
        a.moveImmediate(RAX, target);
        a.jump(stubs.find);
    }

    private void leave(int exit) {
        leaves[exit] = a.position();
        a.moveImmediate(RAX, BackEnd.EXIT | exit << 2);
        a.jump(stubs.exit);
    }

    void link(int exit, int entry, int tag) {
        a.patchJump(jumps[exit], entry);
        if (tags[exit] != NEAR) {
            a.patch32(tags[exit], tag);
            a.patchJump(tags[exit] + TO_OTHER, leaves[exit] + LEAVE_BYTES);
        }
    }

    void unlink(int exit) {
        a.patchJump(jumps[exit], leaves[exit]);
        if (tags[exit] != NEAR) {
            a.patch32(tags[exit], -1);
            a.patchJump(tags[exit] + TO_OTHER, leaves[exit]);
        }
    }
}
