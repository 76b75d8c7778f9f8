package hartbeat.ft.log;

import org.jspecify.annotations.Nullable;

/** Entries in order, as far as they are there. */
public interface EntrySupply {
    /** The next entry, without taking it; null if it is not there yet or never will be. */
    @Nullable
    LogEntry peek();

    /** Takes the entry that {@link #peek} showed. */
    void take();
}
