package hartbeat.emulator.mmu;

import java.util.Arrays;

/**
 * A table of pages that may be accessed straight away, indexed by virtual page number. Entry {@code i} is two elements: the
 * virtual page address, sign-extended, or {@link #EMPTY}; and what is added to a zero-extended virtual address to get the host's.
 *
 * <p>One comparison of the first with {@code address & (0xfffff000 | width - 1)} covers both miss and misalignment.
 */
public final class AccessTable {
    /** Number of pages that a table can hold. */
    public static final int PAGES = 256;

    /** Shift and mask that make the index of the first element out of a virtual address. */
    public static final int INDEX_SHIFT = 11;

    public static final int INDEX_MASK = 2 * (PAGES - 1);

    /** Equals no masked address: bit 2 is never in a mask. */
    static final long EMPTY = 4;

    private final long[] entries = new long[2 * PAGES];
    private boolean used = true;

    AccessTable() {
        clear();
    }

    /** The elements, for executors. */
    public long[] entries() {
        return entries;
    }

    void clear() {
        if (used) {
            Arrays.fill(entries, EMPTY);
            used = false;
        }
    }

    void put(int virtual, long hostPage) {
        int index = virtual >>> INDEX_SHIFT & INDEX_MASK;
        int page = virtual & -4096;
        entries[index] = page;
        entries[index + 1] = hostPage - (page & 0xffff_ffffL);
        used = true;
    }

    /** Takes out every entry that leads to this host page. */
    void remove(long hostPage) {
        if (!used) {
            return;
        }
        for (int i = 0; i < entries.length; i += 2) {
            if (entries[i] != EMPTY && entries[i + 1] + (entries[i] & 0xffff_ffffL) == hostPage) {
                entries[i] = EMPTY;
            }
        }
    }
}
