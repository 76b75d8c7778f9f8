package hartbeat.bench.compare;

import hartbeat.bench.compare.Results.Cell;
import hartbeat.bench.compare.Results.Row;
import hartbeat.tools.text.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The results as one JSON object; {@code docs/bench.md} says what each figure is. */
final class JsonReport {
    private static final int VERSION = 1;

    private JsonReport() {}

    /** @param host what was measured on */
    static String of(Results results, Map<String, String> host) {
        List<Row> rows = results.rows();
        Summary summary = new Summary(rows);
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("version", VERSION);
        json.put("host", host);
        json.put("rounds", results.rounds());
        json.put("seconds", results.seconds());
        json.put("modes", results.modes().stream().map(Mode::label).toList());
        json.put("geomean", summary.means());
        Row worst = summary.worst();
        if (worst != null) {
            json.put(
                    "worst",
                    Map.of(
                            "workload",
                            worst.name(),
                            "protected_vs_qemu_plain_steady",
                            worst.steady(Mode.PROTECTED, Mode.QEMU_PLAIN)));
        }
        Map<String, @Nullable Object> workloads = new LinkedHashMap<>();
        rows.forEach(row -> workloads.put(row.name(), workload(row, results.modes())));
        json.put("workloads", workloads);
        json.put("runs", results.samples().stream().map(JsonReport::run).toList());
        json.put(
                "failures",
                results.failures().stream()
                        .map(failure -> Map.of(
                                "subject",
                                failure.subject(),
                                "mode",
                                failure.mode().label(),
                                "round",
                                failure.round(),
                                "reason",
                                failure.reason()))
                        .toList());
        return Json.pretty(json);
    }

    private static Map<String, @Nullable Object> workload(Row row, List<Mode> modes) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("kind", row.kind());
        json.put("laps", row.laps());
        json.put("instructions", row.instructions());
        json.put("ratios", Summary.ratiosOf(row));
        Map<String, @Nullable Object> cells = new LinkedHashMap<>();
        for (Mode mode : modes) {
            Cell cell = row.cells().get(mode);
            if (cell != null) {
                Map<String, @Nullable Object> figures = cell(cell);
                if (row.kind().equals(Results.CLASS)) {
                    figures.put("event_nanos", row.eventNanos(mode));
                }
                cells.put(mode.label(), figures);
            }
        }
        json.put("modes", cells);
        return json;
    }

    private static Map<String, @Nullable Object> cell(Cell cell) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("whole_seconds", cell.wholeSeconds());
        json.put("whole_mips", cell.wholeMips());
        json.put("steady_mips", cell.steadyMips());
        json.put("steady_laps_per_second", cell.steadyLapsPerSecond());
        json.put("cpu_seconds", cell.cpuSeconds());
        json.put("peak_mib", cell.peakBytes() / (1 << 20));
        json.put("rounds_whole_seconds", cell.wholes());
        json.put("rounds_steady_laps_per_second", cell.steadies());
        return json;
    }

    /** A process (or pair) as a whole. */
    private static Map<String, @Nullable Object> run(Sample sample) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("subject", sample.subject().name());
        json.put("mode", sample.mode().label());
        json.put("round", sample.round());
        json.put("wall_seconds", sample.wallSeconds());
        json.put("cpu_seconds", sample.cpuSeconds());
        json.put("peak_mib", (double) sample.peakBytes() / (1 << 20));
        return json;
    }
}
