package hartbeat.bench.compare;

import hartbeat.bench.compare.Results.Row;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a comparison comes to: geometric means of ratios over all workloads that have both figures, all of them speeds, so that more is
 * better.
 */
final class Summary {
    private final List<Row> rows;

    /** @param rows of which those of a class of cost do not count */
    Summary(List<Row> rows) {
        this.rows =
                rows.stream().filter(row -> !row.kind().equals(Results.CLASS)).toList();
    }

    /** By name, in the order in which they are shown; NaN where no workload has both figures. */
    Map<String, Double> means() {
        Map<String, Double> means = new LinkedHashMap<>();
        ratios().forEach((name, ratio) -> means.put(
                name,
                Statistics.geometricMean(rows.stream().map(ratio::applyAsDouble).toList())));
        return means;
    }

    /** The same ratios of one workload. */
    static Map<String, Double> ratiosOf(Row row) {
        Map<String, Double> ratios = new LinkedHashMap<>();
        ratios().forEach((name, ratio) -> ratios.put(name, ratio.applyAsDouble(row)));
        return ratios;
    }

    /** The workload with the least steady speed of a protected machine beside plain QEMU, or null if there is none. */
    @Nullable
    Row worst() {
        return rows.stream()
                .filter(row -> Double.isFinite(row.steady(Mode.PROTECTED, Mode.QEMU_PLAIN)))
                .min(Comparator.comparingDouble(row -> row.steady(Mode.PROTECTED, Mode.QEMU_PLAIN)))
                .orElse(null);
    }

    private static Map<String, ToDoubleFunction<Row>> ratios() {
        Map<String, ToDoubleFunction<Row>> ratios = new LinkedHashMap<>();
        ratios.put("protected_vs_qemu_plain_steady", row -> row.steady(Mode.PROTECTED, Mode.QEMU_PLAIN));
        ratios.put("protected_vs_qemu_record_steady", row -> row.steady(Mode.PROTECTED, Mode.QEMU_RECORD));
        ratios.put("protected_vs_qemu_plain_whole", row -> row.whole(Mode.PROTECTED, Mode.QEMU_PLAIN));
        ratios.put("protected_vs_unprotected", row -> row.steady(Mode.PROTECTED, Mode.PLAIN));
        ratios.put("protected_vs_beside", row -> row.steady(Mode.PROTECTED, Mode.BESIDE));
        ratios.put("replay_vs_record", row -> row.steady(Mode.REPLAY, Mode.RECORD));
        ratios.put("protected_vs_qemu_icount_steady", row -> row.steady(Mode.PROTECTED, Mode.QEMU_ICOUNT));
        ratios.put("plain_vs_qemu_plain_steady", row -> row.steady(Mode.PLAIN, Mode.QEMU_PLAIN));
        ratios.put("plain_vs_qemu_plain_whole", row -> row.whole(Mode.PLAIN, Mode.QEMU_PLAIN));
        ratios.put("record_vs_qemu_record_steady", row -> row.steady(Mode.RECORD, Mode.QEMU_RECORD));
        ratios.put("replay_vs_qemu_replay_steady", row -> row.steady(Mode.REPLAY, Mode.QEMU_REPLAY));
        ratios.put("record_vs_plain", row -> row.steady(Mode.RECORD, Mode.PLAIN));
        ratios.put("replay_vs_record_whole", row -> row.whole(Mode.REPLAY, Mode.RECORD));
        ratios.put("plain_vs_native_steady", row -> row.steady(Mode.PLAIN, Mode.NATIVE));
        return ratios;
    }
}
