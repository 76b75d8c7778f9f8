package hartbeat.ft.channel;

/**
 * How long a side that makes a pair waits for a peer of which nothing comes and which takes nothing: its host may be gone without a word. Only
 * time in which this side was awake itself counts, as with a detector: what the peer said while this side was stopped, or stored
 * what had come before, may not have been read yet.
 */
final class Patience {
    /** Longer than a backup takes to build a machine, or a slow disk to store what was sent. */
    static final long OF_A_PEER_NANOS = 30_000_000_000L;

    /** Of the time between two looks no more counts, however long it was. */
    private static final long COUNTED_NANOS = 1_000_000_000;

    private final long patienceNanos;
    private long progress = -1;
    private long silentNanos;
    private long lookedNanos;

    Patience(long patienceNanos) {
        this.patienceNanos = patienceNanos;
    }

    /** @param newProgress rises with all that comes and goes; @return whether the peer is to be given up */
    boolean ends(long newProgress, long nowNanos) {
        if (newProgress == progress) {
            silentNanos += Math.min(nowNanos - lookedNanos, COUNTED_NANOS);
        } else {
            progress = newProgress;
            silentNanos = 0;
        }
        lookedNanos = nowNanos;
        return silentNanos >= patienceNanos;
    }

    /** When to look again if nothing happens before. */
    long nextNanos() {
        return lookedNanos + Math.min(COUNTED_NANOS, Math.max(0, patienceNanos - silentNanos));
    }

    String reason(String peer) {
        return "%s: nothing came for %d ms and nothing was taken, hint: is its host up?"
                .formatted(peer, patienceNanos / 1_000_000);
    }
}
