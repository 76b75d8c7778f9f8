package hartbeat.ft.role;

import java.util.ArrayDeque;
import java.util.Deque;

/** How far the backup is behind, and by how much the primary slows for it: step by step, long before anything stalls. */
final class Flow {
    /** Lag from which on the primary slows; a healthy backup stays below. */
    static final long EASY_NANOS = 100_000_000;

    /**
     * Further lag that halves the speed; half of it takes a fifth, as the rest grows with its square. Two hosts are never equally fast at every moment, and
     * a lag that is held tightly makes the pair as slow as whichever side is the slower just now.
     */
    static final long HALVING_NANOS = 400_000_000;

    /** Lag at which the machine stands still until the backup has caught up a little. */
    static final long STALL_NANOS = 1_000_000_000;

    /**
     * What a run may count for. A thread that lost its turn has run for as long as it stood still, and lag grows by as much meanwhile: their product
     * would be a rest of minutes.
     */
    static final long LONGEST_RUN_NANOS = 5_000_000;

    /** What is owed is rested at once when it has come to this: the host's timers are not finer than a tenth of it. */
    static final long LEAST_REST_NANOS = 1_000_000;

    private final Deque<Sent> sent = new ArrayDeque<>();
    private long owedNanos;
    private long slowedNanos;

    private record Sent(long position, long nanos) {}

    /** Entries up to {@code position} left, the oldest of them appended at {@code nanos}. */
    void sent(long position, long nanos) {
        sent.add(new Sent(position, nanos));
    }

    void executed(long position) {
        while (!sent.isEmpty() && sent.getFirst().position() <= position) {
            sent.removeFirst();
        }
    }

    /** Age of the oldest entries that the backup has not carried out; 0 if there are none. */
    long lagNanos(long nowNanos) {
        return sent.isEmpty() ? 0 : nowNanos - sent.getFirst().nanos();
    }

    boolean stalled(long nowNanos) {
        return lagNanos(nowNanos) >= STALL_NANOS;
    }

    /** How long to rest now, after running for {@code ranNanos}; some 30 ms at most, after which the lag is looked at anew. */
    long restNanos(long ranNanos, long nowNanos) {
        long over = Math.min(lagNanos(nowNanos), STALL_NANOS) - EASY_NANOS;
        if (over <= 0) {
            owedNanos = 0;
            return 0;
        }
        double share = (double) over / HALVING_NANOS;
        owedNanos += (long) (Math.clamp(ranNanos, 0, LONGEST_RUN_NANOS) * share * share);
        if (owedNanos < LEAST_REST_NANOS) {
            return 0;
        }
        long rest = owedNanos;
        owedNanos = 0;
        slowedNanos += rest;
        return rest;
    }

    /** All rests so far. */
    long slowedNanos() {
        return slowedNanos;
    }
}
