package hartbeat.emulator.mmu;

import java.util.Arrays;

/**
 * Tables of pages that may be accessed straight away in one context, indexed by virtual page number: one for loads and one for
 * stores. Two pages have room in each place: the one that was put there last and, {@link #SECOND} behind it, the one before it. A
 * page's two entries lie in one cache line. An executor need not look at the second page. An entry is two elements: the virtual page address
 * in the low half, or {@link #EMPTY}; and what is added to a zero-extended virtual address to get the host's.
 *
 * <p>Mostly the same must be added for nearly all pages that are used in a context, as in machine mode or where a kernel sees all RAM
 * in one piece. That value stands at {@link #OFFSET}, and the high half of an entry's first element is the page address again if its
 * page is one of those, so that an executor need not wait for the entry to know the host's address.
 *
 * <p>One comparison of the first with {@code address & (0xfffff000 | width - 1)} covers both miss and misalignment.
 */
public final class AccessTable {
    /**
     * Number of pages that a table can hold. With fewer, what a program uses in several places of its address space drives
     * itself out; with more, the place of a page-table entry in its page would not say which place here is meant.
     */
    public static final int PAGES = 1024;

    /** Shift and mask that make the index of a page's first element out of a virtual address. */
    public static final int INDEX_SHIFT = 9;

    public static final int INDEX_MASK = 8 * (PAGES / 2 - 1);

    /** Where a page's entry for stores stands behind its entry for loads, in elements. */
    public static final int STORES = 2;

    /** Where the second page of a place stands behind the first, in elements. */
    public static final int SECOND = 4;

    /** Index of the element that holds what is added for most pages. */
    public static final int OFFSET = 4 * PAGES;

    /** Each half equals no masked address: bit 2 is never in a mask. */
    static final long EMPTY = 4L << 32 | 4;

    private static final long ELSEWHERE = 4L << 32;
    private static final long LOW = 0xffff_ffffL;

    /** Pages in a row that lie elsewhere until the offset follows them. */
    private static final int PATIENCE = 64;

    /** Entries that are remembered one by one; with more, all are gone through. */
    private static final int REMEMBERED = 512;

    /** Elements of one table; a multiple of a cache line's, so that all tables lie alike. */
    public static final int LENGTH = OFFSET + 8;

    /** The tables of all contexts, one behind the other, and where this one begins. */
    private final long[] entries;

    private final int begin;

    /** Where entries were put since all were empty, and how many; more than there is room for if that is not known. */
    private final int[] places = new int[REMEMBERED];

    private int used;
    private int elsewhere = PATIENCE;

    /** The table at {@code begin} of an array that holds several. */
    AccessTable(long[] entries, int begin) {
        this.entries = entries;
        this.begin = begin;
        Arrays.fill(entries, begin, begin + OFFSET, EMPTY);
    }

    void clear() {
        if (used > REMEMBERED) {
            Arrays.fill(entries, begin, begin + OFFSET, EMPTY);
        } else {
            for (int i = 0; i < used; i++) {
                entries[places[i]] = EMPTY;
            }
        }
        used = 0;
    }

    void clearStores() {
        if (used > REMEMBERED) {
            for (int i = begin + STORES; i < begin + OFFSET; i += 4) {
                entries[i] = EMPTY;
            }
            return;
        }
        for (int i = 0; i < used; i++) {
            if ((places[i] & STORES) != 0) {
                entries[places[i]] = EMPTY;
            }
        }
    }

    void putLoad(int virtual, long hostPage) {
        put(index(virtual), virtual, hostPage);
    }

    void putStore(int virtual, long hostPage) {
        put(index(virtual) + STORES, virtual, hostPage);
    }

    private int index(int virtual) {
        return begin + (virtual >>> INDEX_SHIFT & INDEX_MASK);
    }

    private void put(int index, int virtual, long hostPage) {
        long page = virtual & 0xffff_f000L;
        long offset = hostPage - page;
        if (offset == entries[begin + OFFSET]) {
            elsewhere = 0;
        } else if (++elsewhere > PATIENCE) {
            follow(offset);
        }
        if ((int) entries[index] == (int) EMPTY) {
            remember(index);
        } else if ((int) entries[index] != virtual >> 12 << 12) {
            if ((int) entries[index + SECOND] == (int) EMPTY) {
                remember(index + SECOND);
            }
            entries[index + SECOND] = entries[index];
            entries[index + SECOND + 1] = entries[index + 1];
        }
        entries[index] = page | (offset == entries[begin + OFFSET] ? page << 32 : ELSEWHERE);
        entries[index + 1] = offset;
    }

    private void remember(int index) {
        if (used < REMEMBERED) {
            places[used++] = index;
        } else {
            used = REMEMBERED + 1;
        }
    }

    private void follow(long offset) {
        elsewhere = 0;
        entries[begin + OFFSET] = offset;
        for (int i = begin; i < begin + OFFSET; i += 2) {
            entries[i] = entries[i] & LOW | ELSEWHERE;
        }
    }

    /** Takes out all entries in the place of a virtual page. */
    void remove(int virtual) {
        int index = index(virtual);
        for (int i = index; i < index + 2 * SECOND; i += STORES) {
            entries[i] = EMPTY;
        }
    }

    /** Takes out every entry for stores that leads to this host page. */
    void removeStores(long hostPage) {
        if (used > REMEMBERED) {
            for (int i = begin + STORES; i < begin + OFFSET; i += 4) {
                removeStore(i, hostPage);
            }
            return;
        }
        for (int i = 0; i < used; i++) {
            if ((places[i] & STORES) != 0) {
                removeStore(places[i], hostPage);
            }
        }
    }

    private void removeStore(int index, long hostPage) {
        if ((int) entries[index] != (int) EMPTY && entries[index + 1] + (entries[index] & LOW) == hostPage) {
            entries[index] = EMPTY;
        }
    }
}
