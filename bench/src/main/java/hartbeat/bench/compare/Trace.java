package hartbeat.bench.compare;

import java.util.List;

/**
 * One workload's marks in one run, with the host's time of their arrival.
 *
 * @param beginNanos of the mark before the first lap; the process's start where the workload is the boot itself
 * @param lapNanos of each lap's end
 * @param endNanos of the last mark
 * @param checksum of the work, the same on every machine
 * @param instructions as the guest counted them from begin to end; means something only where the machine counts exactly
 */
record Trace(String workload, long beginNanos, List<Long> lapNanos, long endNanos, String checksum, long instructions) {
    Trace {
        lapNanos = List.copyOf(lapNanos);
    }

    int laps() {
        return lapNanos.size();
    }

    double seconds() {
        return (endNanos - beginNanos) / 1e9;
    }

    /** Laps per second over the second half of the laps; NaN with fewer than two laps. */
    double steadyLapsPerSecond() {
        int half = laps() / 2;
        if (half == 0) {
            return Double.NaN;
        }
        long nanos = lapNanos.getLast() - lapNanos.get(half - 1);
        return (laps() - half) * 1e9 / nanos;
    }
}
