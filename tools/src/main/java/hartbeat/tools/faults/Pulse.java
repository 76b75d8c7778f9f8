package hartbeat.tools.faults;

import java.util.concurrent.locks.LockSupport;

/** How long this host keeps a thread waiting for its turn: what a process suffers that way is no fault of its own. */
final class Pulse implements AutoCloseable {
    private static final long BEAT_NANOS = 5_000_000;

    private final Thread thread;
    private long longestNanos;
    private volatile boolean closed;

    Pulse() {
        thread = Thread.ofPlatform().daemon().name("pulse").start(this::beat);
    }

    /** From now on. */
    synchronized void reset() {
        longestNanos = 0;
    }

    synchronized long longestMillis() {
        return longestNanos / 1_000_000;
    }

    private void beat() {
        long before = System.nanoTime();
        while (!closed) {
            LockSupport.parkNanos(BEAT_NANOS);
            long now = System.nanoTime();
            note(now - before - BEAT_NANOS);
            before = now;
        }
    }

    private synchronized void note(long lateNanos) {
        longestNanos = Math.max(longestNanos, lateNanos);
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
