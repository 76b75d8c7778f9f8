package hartbeat.proof.world;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Everything that happens in a simulated world, in order, as one hash: two runs of a seed are the same if it is. */
public final class Trace {
    private static final long FNV_PRIME = 0x100000001b3L;

    private final @Nullable Consumer<String> reader;
    private long hash = 0xcbf29ce484222325L;
    private long events;

    /** @param reader is given each event as a line, null for nobody; lines are only made for a reader */
    public Trace(@Nullable Consumer<String> reader) {
        this.reader = reader;
    }

    /** Hash over all events so far. */
    public long hash() {
        return hash;
    }

    public long events() {
        return events;
    }

    /**
     * Something happened.
     *
     * @param what kind of event and who, the same text for all of its kind
     */
    void event(long nowNanos, String what, long detail) {
        note(nowNanos, what, detail);
        if (reader != null) {
            reader.accept("%12.6f ms  %-28s %d".formatted(nowNanos / 1e6, what, detail));
        }
    }

    /** As {@link #event(long, String, long)}, with a text that is part of the event. */
    void event(long nowNanos, String what, Supplier<String> detail) {
        String text = detail.get();
        note(nowNanos, what, text.hashCode());
        if (reader != null) {
            reader.accept("%12.6f ms  %-28s %s".formatted(nowNanos / 1e6, what, text));
        }
    }

    private void note(long nowNanos, String what, long detail) {
        events++;
        mix(nowNanos);
        mix(what.hashCode());
        mix(detail);
    }

    private void mix(long value) {
        hash = (hash ^ value) * FNV_PRIME;
        hash ^= hash >>> 29;
    }
}
