package hartbeat.bench.compare;

import java.util.Arrays;
import java.util.Collection;

/** Means of figures. Those that are not there (NaN) do not count. */
final class Statistics {
    private Statistics() {}

    /** The middle one, or the mean of the middle two; NaN of none. */
    static double median(Collection<Double> values) {
        double[] sorted = present(values);
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /** The geometric mean of positive numbers; NaN of none. */
    static double geometricMean(Collection<Double> values) {
        double[] present = present(values);
        return Math.exp(Arrays.stream(present).map(Math::log).sum() / present.length);
    }

    private static double[] present(Collection<Double> values) {
        return values.stream()
                .mapToDouble(Double::doubleValue)
                .filter(Double::isFinite)
                .toArray();
    }
}
