package hartbeat.bench.compare;

import java.util.List;

/**
 * One run of one subject in one mode.
 *
 * @param wallSeconds from the start of the process to its end
 * @param cpuSeconds user and system time of all processes that belong to the run
 * @param peakBytes largest resident memory of the largest of them
 * @param traces of the workloads in it
 */
record Sample(
        Subject subject,
        Mode mode,
        int round,
        double wallSeconds,
        double cpuSeconds,
        long peakBytes,
        List<Trace> traces) {
    Sample {
        traces = List.copyOf(traces);
    }
}
