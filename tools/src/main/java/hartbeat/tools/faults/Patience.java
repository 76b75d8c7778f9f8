package hartbeat.tools.faults;

/**
 * Time that passes while this process has its turn: of the time between two looks a little counts at most, so that a host that stands still for
 * minutes, as one does that others measure on or that was suspended, exhausts nobody's patience.
 */
final class Patience {
    private static final long MOST_COUNTED_NANOS = 50_000_000;

    private long leftNanos;
    private long lookedNanos = System.nanoTime();

    Patience(long millis) {
        leftNanos = millis * 1_000_000;
    }

    /** Whether it is exhausted; to be asked again and again. */
    boolean over() {
        long now = System.nanoTime();
        leftNanos -= Math.min(now - lookedNanos, MOST_COUNTED_NANOS);
        lookedNanos = now;
        return leftNanos < 0;
    }
}
