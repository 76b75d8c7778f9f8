package hartbeat.ft.sim;

import hartbeat.ft.channel.Side;
import hartbeat.ft.detector.Heartbeat;
import hartbeat.ft.detector.HeartbeatPort;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Datagrams on simulated time. */
public final class SimHeartbeats {
    private record Flying(long arrivesNanos, Heartbeat heartbeat) {}

    private final Deque<Flying> toPrimary = new ArrayDeque<>();
    private final Deque<Flying> toBackup = new ArrayDeque<>();
    private final long delayNanos;
    private boolean cutFromPrimary;
    private boolean cutFromBackup;
    private boolean primarySilent;
    private int sentByPrimary;
    private int sentByBackup;
    private long nowNanos;

    public SimHeartbeats(long delayNanos) {
        this.delayNanos = delayNanos;
    }

    public void now(long nanos) {
        nowNanos = nanos;
    }

    public void cut(Side from) {
        cutFromPrimary |= from == Side.PRIMARY;
        cutFromBackup |= from == Side.BACKUP;
    }

    /** Whether the primary has said that it says nothing more. */
    public boolean primarySilent() {
        return primarySilent;
    }

    /** Datagrams of a side so far, those that were cut off as well. */
    public int sent(Side from) {
        return from == Side.PRIMARY ? sentByPrimary : sentByBackup;
    }

    public HeartbeatPort end(Side side) {
        Deque<Flying> in = side == Side.PRIMARY ? toPrimary : toBackup;
        Deque<Flying> out = side == Side.PRIMARY ? toBackup : toPrimary;
        return new HeartbeatPort() {
            @Override
            public void send(Heartbeat heartbeat) {
                sentByPrimary += side == Side.PRIMARY ? 1 : 0;
                sentByBackup += side == Side.BACKUP ? 1 : 0;
                if (side == Side.PRIMARY ? !cutFromPrimary : !cutFromBackup) {
                    out.add(new Flying(nowNanos + delayNanos, heartbeat));
                }
            }

            @Override
            public void fallSilent() {
                primarySilent |= side == Side.PRIMARY;
            }

            @Override
            public @Nullable Heartbeat receive() {
                Flying head = in.peek();
                if (head == null || head.arrivesNanos() > nowNanos) {
                    return null;
                }
                return in.remove().heartbeat();
            }
        };
    }
}
