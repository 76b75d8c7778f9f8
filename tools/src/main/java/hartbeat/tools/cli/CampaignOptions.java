package hartbeat.tools.cli;

import hartbeat.tools.UserError;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How long a campaign goes on, and on how many threads; and what holds for these options wherever they stand. */
final class CampaignOptions {
    private static final double MILLIS_PER_HOUR = 3.6e6;
    private static final double MOST_HOURS = 10_000;

    @Option(
            names = {"--hours"},
            paramLabel = "H",
            description = "Go on with further seeds for so many hours; a fraction is good, too.")
    double hours;

    @Option(
            names = {"--jobs"},
            paramLabel = "N",
            description = "Threads. Default: the host's processors.")
    int jobs = Runtime.getRuntime().availableProcessors();

    /** Refuses what cannot be, before anything is printed. */
    void check() {
        requireHours(hours);
        requireJobs(jobs);
    }

    /** 0 stands for an option that was not given. */
    static void requireHours(double hours) {
        if (!(hours >= 0 && hours <= MOST_HOURS)) {
            throw UserError.usage("--hours: expected=a positive number, actual=" + hours, "0.5 is half an hour");
        }
    }

    static void requireJobs(int jobs) {
        if (jobs < 1) {
            throw UserError.usage(
                    "--jobs: expected>=1, actual=" + jobs, "leave it out for one thread on each processor");
        }
    }

    /** @param runs null if the option was not given */
    static void requireRuns(@Nullable Long runs, String hint) {
        if (runs != null && runs < 1) {
            throw UserError.usage("--runs: expected>=1, actual=" + runs, hint);
        }
    }

    /** At least a millisecond: no time at all would be for ever. */
    static Duration time(double hours) {
        return Duration.ofMillis(Math.max(1, (long) (hours * MILLIS_PER_HOUR)));
    }

    /** For ever if the option was not given. */
    static long nanos(double hours) {
        return hours == 0 ? Long.MAX_VALUE : time(hours).toNanos();
    }

    /** @param seed null if the option was not given: then one of the clock */
    static long first(@Nullable Long seed) {
        return seed == null ? System.currentTimeMillis() : seed;
    }
}
