package hartbeat.emulator.executor.translator;

import java.util.Arrays;

/** Short names for fetch epochs, which machine code can compare. An epoch that is long gone may get another name later. */
final class Tags {
    private static final int SLOTS = 64;

    private final long[] epochs = new long[SLOTS];
    private final int[] tags = new int[SLOTS];
    private int last;

    Tags() {
        Arrays.fill(epochs, -1);
    }

    /** The tag of an epoch, from 1. */
    int of(long epoch) {
        int slot = (int) epoch & SLOTS - 1;
        if (epochs[slot] != epoch) {
            epochs[slot] = epoch;
            tags[slot] = ++last;
        }
        return tags[slot];
    }

    /** Whether so many tags were given out that the next could be one that code still knows. */
    boolean exhausted() {
        return last == Integer.MAX_VALUE;
    }

    /** Begins anew, when no code knows any tag. */
    void reset() {
        Arrays.fill(epochs, -1);
        last = 0;
    }
}
