package hartbeat.ft.run.host;

import hartbeat.ft.run.Role;
import hartbeat.ft.run.Step;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Polls a role on the calling thread until it has an outcome, parking while there is nothing to do. */
public final class RealTimeLoop {
    private static final long LONGEST_PARK_NANOS = 100_000_000;

    /**
     * A source of news that the role looks at by itself while it is awake. Only a parked role needs to be told: a thread that is woken for each piece of
     * news, while the role is busy, would take the core from the guest.
     */
    public interface Bell {
        /** The role's thread is about to park: what has come since the role last looked, or comes from now on, must wake it. */
        void arm();
    }

    private final long originNanos = System.nanoTime();
    private final List<Bell> bells = new CopyOnWriteArrayList<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private volatile @Nullable Thread thread;

    /** Host time as roles are given it. */
    public long nowNanos() {
        return System.nanoTime() - originNanos;
    }

    /** Ends a park, from any thread. */
    public void wake() {
        if (woken.compareAndSet(false, true)) {
            LockSupport.unpark(thread);
        }
    }

    /** Has a bell armed before each park, until it is removed. */
    public void add(Bell bell) {
        bells.add(bell);
    }

    public void remove(Bell bell) {
        bells.remove(bell);
    }

    /** Runs until the role ends or the calling thread is interrupted; null if it was interrupted. */
    public Role.@Nullable Outcome run(Role role) {
        thread = Thread.currentThread();
        Role.Outcome outcome = null;
        while (outcome == null && !Thread.currentThread().isInterrupted()) {
            outcome = step(role);
        }
        return outcome;
    }

    /** A method of its own, so that the JVM compiles it after some calls: the loop around it is entered only once. */
    private Role.@Nullable Outcome step(Role role) {
        woken.set(false);
        long now = nowNanos();
        long next = role.poll(now);
        Role.Outcome outcome = role.outcome();
        if (outcome == null && next > now && !woken.get()) {
            park(next == Step.FOREVER ? LONGEST_PARK_NANOS : next - nowNanos());
        }
        return outcome;
    }

    private void park(long nanos) {
        if (nanos > 0) {
            bells.forEach(Bell::arm);
            LockSupport.parkNanos(this, Math.min(nanos, LONGEST_PARK_NANOS));
        }
    }
}
