package hartbeat.proof.fault;

/**
 * What befalls a process at one of its crossings.
 *
 * @param process index of the process, 0 for the first primary
 * @param crossing its number, from 1
 * @param ending how it ends, or null if it is only stopped
 * @param stopNanos how long it is stopped (SIGSTOP) if it does not end
 */
public record Strike(
        int process,
        long crossing,
        @org.jspecify.annotations.Nullable Ending ending,
        long stopNanos) {
    /** Kills. */
    public static Strike end(int process, long crossing, Ending ending) {
        return new Strike(process, crossing, ending, 0);
    }

    /** Stops for a while. */
    public static Strike stop(int process, long crossing, long nanos) {
        return new Strike(process, crossing, null, nanos);
    }
}
