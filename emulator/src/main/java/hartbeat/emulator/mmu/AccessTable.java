package hartbeat.emulator.mmu;

import java.util.Arrays;

/**
 * Tables of pages that may be accessed straight away in one context, indexed by virtual page number: one for loads and one for
 * stores, interleaved so that both entries of a page share a cache line. An entry is two elements: the virtual page address,
 * sign-extended, or {@link #EMPTY}; and what is added to a zero-extended virtual address to get the host's.
 *
 * <p>One comparison of the first with {@code address & (0xfffff000 | width - 1)} covers both miss and misalignment.
 */
public final class AccessTable {
    /** Number of pages that a table can hold. */
    public static final int PAGES = 256;

    /** Shift and mask that make the index of a page's first element out of a virtual address. */
    public static final int INDEX_SHIFT = 10;

    public static final int INDEX_MASK = 4 * (PAGES - 1);

    /** Where a page's entry for stores stands behind its entry for loads, in elements. */
    public static final int STORES = 2;

    /** Equals no masked address: bit 2 is never in a mask. */
    static final long EMPTY = 4;

    private final long[] entries = new long[4 * PAGES];
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

    void clearStores() {
        if (used) {
            for (int i = STORES; i < entries.length; i += 4) {
                entries[i] = EMPTY;
            }
        }
    }

    void putLoad(int virtual, long hostPage) {
        put(virtual >>> INDEX_SHIFT & INDEX_MASK, virtual, hostPage);
    }

    void putStore(int virtual, long hostPage) {
        put((virtual >>> INDEX_SHIFT & INDEX_MASK) + STORES, virtual, hostPage);
    }

    private void put(int index, int virtual, long hostPage) {
        int page = virtual & -4096;
        entries[index] = page;
        entries[index + 1] = hostPage - (page & 0xffff_ffffL);
        used = true;
    }

    /** Takes out the entries in the place of a virtual page. */
    void remove(int virtual) {
        int index = virtual >>> INDEX_SHIFT & INDEX_MASK;
        entries[index] = EMPTY;
        entries[index + STORES] = EMPTY;
    }

    /** Takes out every entry for stores that leads to this host page. */
    void removeStores(long hostPage) {
        if (!used) {
            return;
        }
        for (int i = STORES; i < entries.length; i += 4) {
            if (entries[i] != EMPTY && entries[i + 1] + (entries[i] & 0xffff_ffffL) == hostPage) {
                entries[i] = EMPTY;
            }
        }
    }
}
