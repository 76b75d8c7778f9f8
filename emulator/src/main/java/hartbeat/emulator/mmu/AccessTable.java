package hartbeat.emulator.mmu;

import java.util.Arrays;

/**
 * Tables of pages that may be accessed straight away in one context, indexed by virtual page number: one for loads and one for
 * stores, interleaved so that both entries of a page share a cache line. An entry is two elements: the virtual page address
 * in the low half, or {@link #EMPTY}; and what is added to a zero-extended virtual address to get the host's.
 *
 * <p>Mostly the same must be added for nearly all pages that are used in a context, as in machine mode or where a kernel sees all RAM
 * in one piece. That value stands at {@link #OFFSET}, and the high half of an entry's first element is the page address again if its
 * page is one of those, so that an executor need not wait for the entry to know the host's address.
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

    /** Index of the element that holds what is added for most pages. */
    public static final int OFFSET = 4 * PAGES;

    /** Each half equals no masked address: bit 2 is never in a mask. */
    static final long EMPTY = 4L << 32 | 4;

    private static final long ELSEWHERE = 4L << 32;
    private static final long LOW = 0xffff_ffffL;

    /** Pages in a row that lie elsewhere until the offset follows them. */
    private static final int PATIENCE = 64;

    private final long[] entries = new long[4 * PAGES + 1];
    private boolean used = true;
    private int elsewhere = PATIENCE;

    AccessTable() {
        clear();
    }

    /** The elements, for executors. */
    public long[] entries() {
        return entries;
    }

    void clear() {
        if (used) {
            Arrays.fill(entries, 0, OFFSET, EMPTY);
            used = false;
        }
    }

    void clearStores() {
        if (used) {
            for (int i = STORES; i < OFFSET; i += 4) {
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
        long page = virtual & 0xffff_f000L;
        long offset = hostPage - page;
        if (offset == entries[OFFSET]) {
            elsewhere = 0;
        } else if (++elsewhere > PATIENCE) {
            follow(offset);
        }
        entries[index] = page | (offset == entries[OFFSET] ? page << 32 : ELSEWHERE);
        entries[index + 1] = offset;
        used = true;
    }

    private void follow(long offset) {
        elsewhere = 0;
        entries[OFFSET] = offset;
        for (int i = 0; i < OFFSET; i += 2) {
            entries[i] = entries[i] & LOW | ELSEWHERE;
        }
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
        for (int i = STORES; i < OFFSET; i += 4) {
            if ((int) entries[i] != (int) EMPTY && entries[i + 1] + (entries[i] & LOW) == hostPage) {
                entries[i] = EMPTY;
            }
        }
    }
}
