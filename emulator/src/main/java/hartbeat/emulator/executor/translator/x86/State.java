package hartbeat.emulator.executor.translator.x86;

import hartbeat.emulator.hart.Hart;

/**
 * Where machine code finds the hart's state. rbp points into the array of {@link Hart#registers}, in the middle of what one byte of
 * displacement reaches; the elements behind the guest's registers are ours.
 */
final class State {
    /** Element that rbp points to. */
    static final int ORIGIN = 32;

    /** The tag of the present fetch translation in the high word, 0 in the low. */
    static final int TAG = 34;

    /** Keeps the tags' entries of the jump table apart. */
    static final int HASH = 36;

    /** Target of the indirect jump that nothing is known of. */
    static final int JUMP = 37;

    /** Host address of the code after the instruction that Java is to do, low word first. */
    static final int RESUME = 38;

    static final int SCRATCH = 40;

    /** Interrupts that are pending and enabled, which only Java can change: 0 if no change of {@code mstatus} lets one be taken. */
    static final int PENDING = 41;

    /** The low half of what is added to a physical address in RAM to get the host's. */
    static final int RAM = 42;

    /** The bank of the access table in force; when machine code is left with another than it was entered with, Java follows. */
    static final int BANK = 43;

    /** Host registers with a purpose of their own. */
    static final int TABLE = Assembler.RDI;

    static final int BUDGET = Assembler.RSI;

    /** The guest registers that compilers use most, and the host registers that hold them everywhere. */
    private static final int[][] PINNED = {
        {15, Assembler.RBX}, {14, 8}, {10, 9}, {2, 10}, {8, 11}, {13, 12}, {12, 13}, {11, 14}, {9, 15}
    };

    private static final int[] PLACES = places();

    private State() {}

    /** The operand for element {@code index} of the hart's registers. */
    static int memory(int index) {
        return Assembler.state(4 * (index - ORIGIN));
    }

    /** Where a guest register is: a host register or memory. */
    static int place(int guest) {
        return PLACES[guest];
    }

    static int pinned() {
        return PINNED.length;
    }

    static int pinnedGuest(int index) {
        return PINNED[index][0];
    }

    static int pinnedHost(int index) {
        return PINNED[index][1];
    }

    private static int[] places() {
        int[] places = new int[32];
        for (int guest = 0; guest < places.length; guest++) {
            places[guest] = memory(guest);
        }
        for (int[] pin : PINNED) {
            places[pin[0]] = pin[1];
        }
        return places;
    }
}
