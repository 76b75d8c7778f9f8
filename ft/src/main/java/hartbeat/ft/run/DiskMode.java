package hartbeat.ft.run;

/** Where the contents of disks live (DESIGN 7). */
public enum DiskMode {
    /** Each side has its own copy and executes every request on it; the log holds completions without data. */
    REPLICATED,
    /** One disk behind both sides, touched by the live one only; requests are gated and read data travels in the log. */
    SHARED
}
