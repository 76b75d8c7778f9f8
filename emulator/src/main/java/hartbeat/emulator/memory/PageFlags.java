package hartbeat.emulator.memory;

/** Why a store to a page must be noticed. A page with no flag may be stored to without telling anyone. */
public final class PageFlags {
    /** Not written since the last digest: the first store makes the page dirty. */
    public static final int CLEAN = 1;

    /** Code was decoded or translated from this page. */
    public static final int CODE = 2;

    /** A page-table walk has read this page, and what it found may be cached. */
    public static final int PAGE_TABLE = 4;

    /** Someone asked to be told of stores to this page. */
    public static final int WATCHED = 8;

    /** All reasons for which a store must be noticed. */
    public static final int NOTICED = CLEAN | CODE | PAGE_TABLE | WATCHED;

    /** The page may stand in a table of pages that are stored to without telling. Not a reason by itself. */
    public static final int IN_STORE_TABLE = 16;

    private PageFlags() {}
}
