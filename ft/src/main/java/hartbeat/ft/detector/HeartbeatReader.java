package hartbeat.ft.detector;

import org.jspecify.annotations.Nullable;

/**
 * Reads heartbeats twice in the period in which they come: a role is polled a thousand times a second and more while its guest is busy, and each
 * look at a socket is a system call.
 */
public final class HeartbeatReader {
    private static final int LOOKS_PER_HEARTBEAT = 2;

    private final HeartbeatPort port;
    private final long periodNanos;
    private long nextNanos = Long.MIN_VALUE;

    public HeartbeatReader(HeartbeatPort port, Timeouts timeouts) {
        this.port = port;
        this.periodNanos = timeouts.heartbeatMillis() * 1_000_000 / LOOKS_PER_HEARTBEAT;
    }

    /** Has the next call look, whenever the last was: before a peer is suspected, all that has arrived must be heard. */
    public void lookNow() {
        nextNanos = Long.MIN_VALUE;
    }

    /** The next heartbeat that has arrived; null if there is none, or if it is not yet time to look again. */
    public @Nullable Heartbeat next(long nowNanos) {
        if (nowNanos < nextNanos) {
            return null;
        }
        Heartbeat beat = port.receive();
        if (beat == null) {
            nextNanos = nowNanos + periodNanos;
        }
        return beat;
    }
}
