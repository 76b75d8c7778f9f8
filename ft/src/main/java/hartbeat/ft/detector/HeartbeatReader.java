package hartbeat.ft.detector;

import org.jspecify.annotations.Nullable;

/**
 * Reads heartbeats at most every four milliseconds. A role is polled thousands of times a second while its guest is busy, and each look at a
 * socket is a system call; heartbeats come some tens of milliseconds apart.
 */
public final class HeartbeatReader {
    private static final long PERIOD_NANOS = 4_000_000;

    private final HeartbeatPort port;
    private long nextNanos = Long.MIN_VALUE;

    public HeartbeatReader(HeartbeatPort port) {
        this.port = port;
    }

    /** The next heartbeat that has arrived; null if there is none, or if it is not yet time to look again. */
    public @Nullable Heartbeat next(long nowNanos) {
        if (nowNanos < nextNanos) {
            return null;
        }
        Heartbeat beat = port.receive();
        if (beat == null) {
            nextNanos = nowNanos + PERIOD_NANOS;
        }
        return beat;
    }
}
