package hartbeat.proof.campaign;

import java.time.Duration;

/**
 * What a campaign may use.
 *
 * @param time when to leave off; zero for when {@code atLeast} was tried
 * @param atLeast how much to try if {@code time} is zero, in the campaign's unit; otherwise without meaning
 * @param seed everything that is tried is drawn from it
 * @param jobs threads, at least 1
 */
public record Budget(Duration time, long atLeast, long seed, int jobs) {
    public Budget {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time: expected>=0, actual=" + time);
        }
        if (time.isZero() && atLeast < 1) {
            throw new IllegalArgumentException("atLeast without a time: expected>=1, actual=" + atLeast);
        }
        if (jobs < 1) {
            throw new IllegalArgumentException("jobs: expected>=1, actual=" + jobs);
        }
    }

    /** For so long. */
    public static Budget of(Duration time, long seed, int jobs) {
        return new Budget(time, 0, seed, jobs);
    }

    /** Until so much was tried. */
    public static Budget of(long atLeast, long seed, int jobs) {
        return new Budget(Duration.ZERO, atLeast, seed, jobs);
    }

    /** Whether it is used up. */
    public boolean spent(long elapsedNanos, long count) {
        return time.isZero() ? count >= atLeast : elapsedNanos >= time.toNanos();
    }
}
