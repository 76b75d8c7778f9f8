package hartbeat.emulator.memory;

/** Someone who caches what is derived from pages, as address translations or decoded code, or holds a word of one reserved. */
public interface PageListener {
    /** A store (of {@code length} bytes at guest-physical {@code address}) went to a page with code; called before the next fetch. */
    default void codeWritten(long address, int length) {}

    /** A page-table entry that a walk may have read has changed; every cached translation is in doubt. */
    default void pageTableWritten() {}

    /**
     * A leaf entry through which nothing can be fetched has changed: translations of loads and stores by way of it are in doubt.
     *
     * @param address of the entry
     * @param before the entry as it was
     */
    default void dataEntryWritten(long address, int before) {}

    /** A device, and not a hart, has written these bytes. */
    default void deviceWrote(long address, int length) {}

    /** Stores to the page at this guest-physical address must be noticed from now on. */
    default void storesMustBeNoticed(long pageAddress) {}

    /** Stores to any page may have to be noticed from now on. */
    default void allStoresMustBeNoticed() {}

    /** Guest memory is closed: the machine runs no more, and what was kept outside the heap for it can be given back. */
    default void memoryClosed() {}
}
