package hartbeat.bench.compare;

import hartbeat.bench.compare.Results.Cell;
import hartbeat.bench.compare.Results.Row;
import hartbeat.tools.text.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The results as tables for a terminal. */
final class TextReport {
    private static final double MIB = 1 << 20;

    private TextReport() {}

    static String of(Results results) {
        List<Row> rows = results.rows();
        StringBuilder text = new StringBuilder();
        text.append(title("Steady speed, MIPS (million guest instructions per second)"));
        text.append(table(results, rows, row -> cell(row, Cell::steadyMips, 1, 0)));
        List<Row> classes =
                rows.stream().filter(row -> row.kind().equals(Results.CLASS)).toList();
        if (!classes.isEmpty()) {
            text.append(title("Cost of an event, nanoseconds (steady)"));
            text.append(table(results, classes, row -> mode -> number(row.eventNanos(mode), 1)));
        }
        text.append(title("Whole run, seconds from start to end"));
        text.append(table(results, rows, row -> cell(row, Cell::wholeSeconds, 1, 2)));
        text.append(title("Processes: seconds of wall clock / seconds of CPU time / MiB of memory at most"));
        text.append(processes(results));
        text.append(title("Geometric means of speeds over all workloads (more is better)"));
        Table means = new Table();
        Summary summary = new Summary(rows);
        summary.means().forEach((name, mean) -> means.row("  " + name, number(mean, 2)));
        Row worst = summary.worst();
        if (worst != null) {
            means.row(
                    "  least protected_vs_qemu_plain_steady",
                    number(worst.steady(Mode.PROTECTED, Mode.QEMU_PLAIN), 2) + " (" + worst.name() + ")");
        }
        text.append(means);
        results.failures()
                .forEach(failure -> text.append("FAILED: %s %s in round %d: %s%n"
                        .formatted(failure.subject(), failure.mode().label(), failure.round(), failure.reason())));
        return text.toString();
    }

    private static String title(String text) {
        return "\n" + text + "\n";
    }

    private static String table(Results results, List<Row> rows, Function<Row, Function<Mode, String>> cells) {
        Table table = new Table();
        List<String> head = new ArrayList<>(List.of("  workload"));
        results.modes().forEach(mode -> head.add(mode.label()));
        table.row(head.toArray(String[]::new));
        for (Row row : rows) {
            List<String> line = new ArrayList<>(List.of("  " + row.name()));
            results.modes().forEach(mode -> line.add(cells.apply(row).apply(mode)));
            table.row(line.toArray(String[]::new));
        }
        return table.toString();
    }

    private static Function<Mode, String> cell(Row row, ToDoubleFunction<Cell> figure, double unit, int digits) {
        return mode -> number(row.value(mode, figure) / unit, digits);
    }

    private static String processes(Results results) {
        Table table = new Table();
        List<String> head = new ArrayList<>(List.of("  run"));
        results.modes().forEach(mode -> head.add(mode.label()));
        table.row(head.toArray(String[]::new));
        for (Subject subject : results.subjects()) {
            List<String> line = new ArrayList<>(List.of("  " + subject.name()));
            results.modes().forEach(mode -> line.add(process(results, subject, mode)));
            table.row(line.toArray(String[]::new));
        }
        return table.toString();
    }

    private static String process(Results results, Subject subject, Mode mode) {
        List<Sample> samples = results.samples().stream()
                .filter(sample -> sample.subject().equals(subject) && sample.mode() == mode)
                .toList();
        if (samples.isEmpty()) {
            return "-";
        }
        return number(median(samples, Sample::wallSeconds), 1)
                + "/"
                + number(median(samples, Sample::cpuSeconds), 1)
                + "/"
                + number(median(samples, sample -> sample.peakBytes() / MIB), 0);
    }

    private static double median(List<Sample> samples, ToDoubleFunction<Sample> figure) {
        return Statistics.median(samples.stream().map(figure::applyAsDouble).toList());
    }

    static String number(double value, int digits) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%." + digits + "f", value) : "-";
    }
}
