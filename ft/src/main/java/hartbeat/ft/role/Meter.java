package hartbeat.ft.role;

/** Rate of a growing total, over about the last second. */
final class Meter {
    private static final long WINDOW_NANOS = 1_000_000_000;

    private long sinceNanos;
    private long sinceTotal;
    private double perSecond;
    private boolean begun;

    void see(long total, long nowNanos) {
        if (!begun) {
            begun = true;
            sinceNanos = nowNanos;
            sinceTotal = total;
        }
        long elapsed = nowNanos - sinceNanos;
        if (elapsed >= WINDOW_NANOS) {
            perSecond = (total - sinceTotal) * 1e9 / elapsed;
            sinceNanos = nowNanos;
            sinceTotal = total;
        }
    }

    double perSecond() {
        return perSecond;
    }
}
