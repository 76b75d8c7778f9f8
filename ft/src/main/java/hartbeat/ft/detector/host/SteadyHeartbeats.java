package hartbeat.ft.detector.host;

import hartbeat.ft.detector.Heartbeat;
import hartbeat.ft.detector.HeartbeatPort;
import hartbeat.ft.detector.Repeater;
import hartbeat.ft.detector.Timeouts;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A primary's heartbeats: the role sends them, and a thread of their own repeats them while the role is held up. */
public final class SteadyHeartbeats implements HeartbeatPort, AutoCloseable {
    private static final int LEAST_REST_SHARE = 4;

    private final HeartbeatPort port;
    private final Repeater repeater;
    private final LongSupplier clock;
    private final long periodNanos;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * @param port takes heartbeats from any thread; stays the caller's to close
     * @param clock host time as the role is given it, in nanoseconds
     */
    public SteadyHeartbeats(HeartbeatPort port, Timeouts timeouts, LongSupplier clock) {
        this.port = port;
        this.clock = clock;
        this.periodNanos = timeouts.heartbeatMillis() * 1_000_000;
        this.repeater = new Repeater(periodNanos, timeouts.primarySuspectsMillis() * 1_000_000);
        this.thread = Thread.ofPlatform().daemon().name("heartbeats").start(this::work);
    }

    @Override
    public void send(Heartbeat heartbeat) {
        boolean news;
        synchronized (repeater) {
            news = repeater.said(heartbeat);
        }
        if (news) {
            port.send(heartbeat);
        }
    }

    @Override
    public void leaveOut(Heartbeat heartbeat) {
        synchronized (repeater) {
            boolean unused = repeater.said(heartbeat);
        }
    }

    @Override
    public void fallSilent() {
        synchronized (repeater) {
            repeater.forget();
        }
    }

    @Override
    public @Nullable Heartbeat receive() {
        return port.receive();
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    private void work() {
        while (!closed) {
            Heartbeat due;
            long restNanos;
            synchronized (repeater) {
                long now = clock.getAsLong();
                due = repeater.due(now);
                restNanos = repeater.dueNanos() - now;
                restNanos = restNanos > 0 ? Math.max(restNanos, periodNanos / LEAST_REST_SHARE) : periodNanos;
            }
            if (due != null) {
                port.send(due);
            }
            LockSupport.parkNanos(this, restNanos);
        }
    }
}
