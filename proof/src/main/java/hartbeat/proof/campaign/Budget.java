package hartbeat.proof.campaign;

import java.time.Duration;

/**
 * What a campaign may use. It leaves off when the time is over or enough was tried, whichever comes first.
 *
 * @param time zero for as long as it takes
 * @param enough in the campaign's unit; {@link Long#MAX_VALUE} for as much as the time allows, or until a campaign ends by itself
 * @param seed everything that is tried is drawn from it
 * @param jobs threads, at least 1
 */
public record Budget(Duration time, long enough, long seed, int jobs) {
    public Budget {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time: expected>=0, actual=" + time);
        }
        if (enough < 1) {
            throw new IllegalArgumentException("enough: expected>=1, actual=" + enough);
        }
        if (jobs < 1) {
            throw new IllegalArgumentException("jobs: expected>=1, actual=" + jobs);
        }
    }

    /** For so long. */
    public static Budget of(Duration time, long seed, int jobs) {
        return new Budget(time, Long.MAX_VALUE, seed, jobs);
    }

    /** Until so much was tried. */
    public static Budget of(long enough, long seed, int jobs) {
        return new Budget(Duration.ZERO, enough, seed, jobs);
    }

    /** Whether it is used up. */
    public boolean spent(long elapsedNanos, long count) {
        return count >= enough || !time.isZero() && elapsedNanos >= time.toNanos();
    }
}
