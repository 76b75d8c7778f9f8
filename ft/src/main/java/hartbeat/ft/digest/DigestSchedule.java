package hartbeat.ft.digest;

/**
 * Spaces digests so that they cost at most one per cent of the time that the machine runs: a third of it is theirs, the rest is left for
 * what they bring about, as each page is marked as written anew when the guest next stores to it.
 */
public final class DigestSchedule {
    private static final int COST_SHARE = 300;
    private static final long LEAST_NANOS = 20_000_000;
    private static final long MOST_NANOS = 2_000_000_000L;
    /** A guest that hardly runs is digested this seldom, to keep the log of an idle machine small. */
    private static final long IDLE_NANOS = 2_000_000_000L;

    private static final long IDLE_INSTRUCTIONS = 1_000_000;

    private long takenNanos;
    private long takenIcount;
    private long costNanos;
    private boolean measuring;
    private long count;

    public DigestSchedule(long nowNanos) {
        takenNanos = nowNanos;
    }

    /** Whether a digest is due. @param icount of the machine now */
    public boolean due(long icount, long nowNanos) {
        if (measuring) {
            long cost = nowNanos - takenNanos;
            costNanos = costNanos == 0 ? cost : (3 * costNanos + cost) / 4;
            measuring = false;
        }
        long instructions = icount - takenIcount;
        long interval = instructions < IDLE_INSTRUCTIONS
                ? IDLE_NANOS
                : Math.clamp(COST_SHARE * costNanos, LEAST_NANOS, MOST_NANOS);
        return instructions > 0 && nowNanos - takenNanos >= interval;
    }

    /** One is taken now, as the last act of a poll: how late the next poll comes tells its cost. */
    public void taken(long icount, long nowNanos) {
        takenNanos = nowNanos;
        takenIcount = icount;
        measuring = true;
        count++;
    }

    public long count() {
        return count;
    }
}
