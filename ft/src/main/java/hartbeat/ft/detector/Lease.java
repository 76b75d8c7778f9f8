package hartbeat.ft.detector;

/**
 * A primary's lease: while it holds, the backup cannot have suspected the primary by silence, as it heard something that the
 * primary sent less than the lease ago, and suspects only later than that. It does not depend on how long messages take or on
 * what either clock shows, only on both clocks running at nearly one speed.
 */
public final class Lease {
    private final long leaseNanos;
    private long untilNanos = Long.MIN_VALUE;

    public Lease(long leaseNanos) {
        this.leaseNanos = leaseNanos;
    }

    /** The backup says that it has heard what was sent then. */
    public void echoed(long sentNanos, long nowNanos) {
        if (sentNanos > 0 && sentNanos <= nowNanos) {
            untilNanos = Math.max(untilNanos, sentNanos + leaseNanos);
        }
    }

    public boolean holds(long nowNanos) {
        return nowNanos < untilNanos;
    }
}
