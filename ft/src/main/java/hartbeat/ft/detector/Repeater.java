package hartbeat.ft.detector;

import org.jspecify.annotations.Nullable;

/**
 * Speaks for a role that is held up. What the role said last may be repeated with a new time of sending whenever it is late with the
 * next, so that a long step, or a scheduler that gives the role's busy thread no turn, does not pass for the end of the process. A role that
 * is silent for too long is not spoken for any more: it hangs.
 *
 * <p>The lease rests on the time of sending alone, so it does not matter on which thread that was read. One thread at a time may
 * call it.
 */
public final class Repeater {
    /** A role that is later than this many periods is held up; one in time should not have to share its core with whoever looks. */
    private static final int LATE_PERIODS = 3;

    private final long periodNanos;
    private final long longestNanos;
    private @Nullable Heartbeat last;
    private long saidNanos;
    private long sentNanos;

    /**
     * @param periodNanos between two heartbeats
     * @param longestNanos for how long after its last word the role is spoken for
     */
    public Repeater(long periodNanos, long longestNanos) {
        this.periodNanos = periodNanos;
        this.longestNanos = longestNanos;
    }

    /** The role speaks. @return whether that is to be sent; not if what was repeated is newer */
    public boolean said(Heartbeat heartbeat) {
        last = heartbeat;
        saidNanos = heartbeat.sentNanos();
        if (saidNanos <= sentNanos) {
            return false;
        }
        sentNanos = saidNanos;
        return true;
    }

    /** The role is silent on purpose from now on: it is not held up, and nobody speaks for it. */
    public void forget() {
        last = null;
    }

    /** When something may be to be sent in the role's place, if it says nothing before. */
    public long dueNanos() {
        return Math.max(saidNanos + LATE_PERIODS * periodNanos, sentNanos + periodNanos);
    }

    /** What is to be sent in the role's place now, or null. */
    public @Nullable Heartbeat due(long nowNanos) {
        Heartbeat word = last;
        if (word == null || nowNanos < dueNanos() || nowNanos - saidNanos > longestNanos) {
            return null;
        }
        sentNanos = nowNanos;
        return new Heartbeat(word.from(), word.generation(), nowNanos, word.echoNanos());
    }
}
