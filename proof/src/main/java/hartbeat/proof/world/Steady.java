package hartbeat.proof.world;

import hartbeat.ft.detector.Heartbeat;
import hartbeat.ft.detector.HeartbeatPort;
import hartbeat.ft.detector.Repeater;
import hartbeat.ft.detector.Timeouts;
import org.jspecify.annotations.Nullable;

/** A primary's heartbeats with the product's repeater, whose thread speaks while the role is busy; its time comes from the process. */
final class Steady implements HeartbeatPort {
    private final HeartbeatPort port;
    private final Repeater repeater;
    private final long periodNanos;

    Steady(HeartbeatPort port, Timeouts timeouts) {
        this.port = port;
        this.periodNanos = timeouts.heartbeatMillis() * 1_000_000;
        this.repeater = new Repeater(periodNanos, timeouts.primarySuspectsMillis() * 1_000_000);
    }

    long periodNanos() {
        return periodNanos;
    }

    /** The thread's turn. */
    void run(long shownNanos) {
        Heartbeat due = repeater.due(shownNanos);
        if (due != null) {
            port.send(due);
        }
    }

    @Override
    public void send(Heartbeat heartbeat) {
        if (repeater.said(heartbeat)) {
            port.send(heartbeat);
        }
    }

    @Override
    public void leaveOut(Heartbeat heartbeat) {
        boolean unused = repeater.said(heartbeat);
    }

    @Override
    public void fallSilent() {
        repeater.forget();
    }

    @Override
    public @Nullable Heartbeat receive() {
        return port.receive();
    }
}
