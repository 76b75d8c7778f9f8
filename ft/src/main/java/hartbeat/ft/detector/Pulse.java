package hartbeat.ft.detector;

import hartbeat.ft.channel.Side;

/**
 * A side's own heartbeats, due once a period. One whose peer is known to hear it otherwise is left out: a datagram is a MAC and a system
 * call on the guest's core.
 */
public final class Pulse {
    private final HeartbeatPort port;
    private final Side side;
    private final long periodNanos;
    private long dueNanos;
    private int leftOut = Integer.MAX_VALUE;

    public Pulse(HeartbeatPort port, Side side, Timeouts timeouts) {
        this.port = port;
        this.side = side;
        this.periodNanos = timeouts.heartbeatMillis() * 1_000_000;
    }

    public long periodNanos() {
        return periodNanos;
    }

    /** When the next is due. */
    public long nextNanos() {
        return dueNanos;
    }

    /**
     * Sends a heartbeat if one is due, or leaves it out.
     *
     * @param echoNanos the latest time of sending that was heard from the peer
     * @param spared how many in a row may be left out now; 0 if the peer may hear nothing else
     */
    public void beat(long generation, long echoNanos, int spared, long nowNanos) {
        if (nowNanos < dueNanos) {
            return;
        }
        dueNanos = nowNanos + periodNanos;
        Heartbeat beat = new Heartbeat(side, generation, Math.max(1, nowNanos), echoNanos);
        if (leftOut < spared) {
            leftOut++;
            port.leaveOut(beat);
        } else {
            leftOut = 0;
            port.send(beat);
        }
    }
}
