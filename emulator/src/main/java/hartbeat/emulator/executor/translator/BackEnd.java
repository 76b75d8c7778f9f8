package hartbeat.emulator.executor.translator;

import hartbeat.emulator.hart.Hart;

/**
 * What the translator wants of a host architecture: to write a unit's machine code, to change where its exits lead, and to run it.
 *
 * <p>Machine code charges a unit's length against the budget when it is entered, or leaves with {@link #SHORT} before it did
 * anything. It leaves with all registers of the guest in {@link Hart#registers}, and with an exit word: bits 63:32 what is left of
 * the budget, 31:2 a number, 1:0 the kind.
 */
public interface BackEnd {
    /** The budget is too short for the unit of this number, or the unit was killed. */
    int SHORT = 0;

    /** The exit of this number leads nowhere yet. */
    int EXIT = 1;

    /** No code is known for the address in {@link #jumpTarget}. */
    int JUMP = 2;

    /** The instruction of the site of this number is to be done in Java. Code goes on at {@link #resumeAddress}. */
    int SITE = 3;

    /** Returned by {@link #translate} when there is no room. */
    int FULL = -1;

    /** Writes the code of a unit; its exits lead nowhere at first. Gives its entry's position, or {@link #FULL}. */
    int translate(Unit unit);

    /** Makes an exit lead to the code at {@code entry}; if the exit leaves its page, only while {@code tag} is in force. */
    void link(int exit, int entry, int tag);

    /** Makes an exit lead nowhere again. */
    void unlink(int exit);

    /** Makes the code at {@code entry} leave with {@link #SHORT} at once. */
    void kill(int entry);

    /** From now on, and while {@code tag} is in force, an indirect jump to {@code pc} goes to the code at {@code entry}. */
    void jump(int pc, int tag, int entry);

    /** Says which fetch translation is in force for this hart: never negative. */
    void tag(Hart hart, int tag);

    /** Forgets all code. */
    void reset();

    /**
     * Runs code with at most {@code budget} instructions.
     *
     * @param address what {@link #address} gave for an entry, or {@link #resumeAddress}
     * @return the exit word
     */
    long run(Hart hart, long address, int budget);

    long address(int entry);

    int jumpTarget(Hart hart);

    long resumeAddress(Hart hart);

    /** Bytes of code that were written since the last reset. */
    int used();

    /** Gives back all memory; nothing may run any more. */
    void close();
}
