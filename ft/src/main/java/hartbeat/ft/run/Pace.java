package hartbeat.ft.run;

/** Measures how fast the machine runs while it is busy, and sizes the quantum and the rate of guest time by it. */
public final class Pace {
    private static final long WINDOW_NANOS = 20_000_000;
    /** What a descheduled thread may count for, so that one long pause does not pass for a slow machine. */
    private static final long LONGEST_STEP_NANOS = 5_000_000;

    private static final long QUANTUM_NANOS = 200_000;
    /**
     * While nothing happens, quanta grow up to so many times the usual one, a millisecond. After each the caches are no longer all the guest's, so that
     * looking at all that might have happened costs more the more often it is done.
     */
    public static final long LONGEST_QUANTUM = 5;

    private static final long SMALLEST_QUANTUM = 1_000;
    private static final long LARGEST_QUANTUM = 2_000_000;
    private static final int NANOS_PER_TICK = 100;

    private long instructions;
    private long nanos;
    private long length = 1;

    /** @param mips first guess, in million instructions per second */
    public Pace(long mips) {
        instructions = mips * 1_000;
        nanos = 1_000_000;
    }

    /** The machine retired so many instructions in so much time. */
    public void ran(long retired, long elapsedNanos) {
        if (retired <= 0 || elapsedNanos <= 0) {
            return;
        }
        instructions += retired;
        nanos += Math.min(elapsedNanos, LONGEST_STEP_NANOS);
        if (nanos > WINDOW_NANOS) {
            nanos /= 2;
            instructions = Math.max(1, instructions / 2);
        }
    }

    public double mips() {
        return instructions * 1e3 / nanos;
    }

    /** Instructions that take about 0.2 ms. */
    public long quantum() {
        return Math.clamp(instructions * QUANTUM_NANOS / nanos, SMALLEST_QUANTUM, LARGEST_QUANTUM);
    }

    /** Something came from the host or went there, and more may follow soon: quanta are short again. */
    public void stirred() {
        length = 1;
    }

    /** The next step: one quantum and, the longer nothing stirs, up to five; no host event waits longer than that. */
    public Step.RunTo step(long icount) {
        long quantum = quantum();
        Step.RunTo step = new Step.RunTo(icount + length * quantum, quantum);
        length = Math.min(length + 1, LONGEST_QUANTUM);
        return step;
    }

    /** Ticks per instruction with 32 fractional bits, as measured. */
    public long rate() {
        return (nanos << 32) / NANOS_PER_TICK / instructions;
    }
}
