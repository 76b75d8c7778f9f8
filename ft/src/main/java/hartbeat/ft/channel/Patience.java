package hartbeat.ft.channel;

/** How long a side that makes a pair waits for a peer of which nothing comes and which takes nothing: its host may be gone without a word. */
final class Patience {
    /** Longer than a backup takes to build a machine, or a slow disk to store what was sent. */
    private static final long NANOS = 30_000_000_000L;

    private final String peer;
    private long progress = -1;
    private long sinceNanos;

    Patience(String peer) {
        this.peer = peer;
    }

    /** @param newProgress rises with all that comes and goes; @return whether the peer is to be given up */
    boolean ends(long newProgress, long nowNanos) {
        if (newProgress != progress) {
            progress = newProgress;
            sinceNanos = nowNanos;
        }
        return nowNanos - sinceNanos >= NANOS;
    }

    /** When it ends if nothing happens before. */
    long endsNanos() {
        return sinceNanos + NANOS;
    }

    String reason() {
        return "%s: nothing came for %d ms and nothing was taken, hint: is its host up?"
                .formatted(peer, NANOS / 1_000_000);
    }
}
