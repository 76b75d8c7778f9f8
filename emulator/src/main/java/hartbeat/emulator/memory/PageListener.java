package hartbeat.emulator.memory;

/** Someone who caches what is derived from pages: address translations or decoded code. */
public interface PageListener {
    /** A store (of {@code length} bytes at guest-physical {@code address}) went to a page with code; called before the next fetch. */
    default void codeWritten(long address, int length) {}

    /**
     * A page-table entry that a walk may have read has changed.
     *
     * @param fetches whether every cached translation is in doubt; else those of loads and stores are, as nothing could be fetched by
     *     way of the entry
     */
    default void pageTableWritten(boolean fetches) {}

    /** Stores to the page at this guest-physical address must be noticed from now on. */
    default void storesMustBeNoticed(long pageAddress) {}

    /** Stores to any page may have to be noticed from now on. */
    default void allStoresMustBeNoticed() {}

    /** Guest memory is closed: the machine runs no more, and what was kept outside the heap for it can be given back. */
    default void memoryClosed() {}
}
