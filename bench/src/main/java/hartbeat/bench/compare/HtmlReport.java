package hartbeat.bench.compare;

import hartbeat.bench.compare.Results.Row;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;

/** The results as one HTML page that needs nothing beside itself: bars in SVG, relative to plain QEMU. */
final class HtmlReport {
    private static final int LABEL = 150;
    private static final int UNIT = 220;
    private static final int BAR = 11;
    private static final int GAP = 10;

    /** Bars end here, in multiples of plain QEMU's speed; what is longer says so by its number. */
    private static final double LONGEST = 3;

    private static final Map<Mode, String> COLOURS = Map.of(
            Mode.QEMU_PLAIN, "#9aa0a6",
            Mode.QEMU_ICOUNT, "#bdc1c6",
            Mode.QEMU_RECORD, "#80868b",
            Mode.QEMU_REPLAY, "#5f6368",
            Mode.PLAIN, "#1a73e8",
            Mode.RECORD, "#669df6",
            Mode.PROTECTED, "#188038",
            Mode.REPLAY, "#e37400",
            Mode.NATIVE, "#d93025");

    private HtmlReport() {}

    static String of(Results results, Map<String, String> host) {
        List<Row> rows = results.rows();
        StringBuilder page = new StringBuilder("""
                <!DOCTYPE html>
                <html lang="en"><head><meta charset="utf-8"><title>Hartbeat beside QEMU</title>
                <style>body{font:15px sans-serif;margin:2em;color:#202124}table{border-collapse:collapse;margin:1em 0}
                td,th{padding:.2em .8em;text-align:right;border-bottom:1px solid #dadce0}td:first-child,th:first-child{text-align:left}
                text{font:11px sans-serif}pre{background:#f1f3f4;padding:1em;overflow:auto}</style></head><body>
                <h1>Hartbeat beside QEMU</h1>
                """);
        page.append("<p>Medians of ").append(results.rounds()).append(" rounds. ");
        host.forEach((name, value) -> page.append(escape(name + ": " + value + ". ")));
        page.append("</p>\n<table><tr><th>geometric mean of speeds</th><th></th></tr>\n");
        new Summary(rows)
                .means()
                .forEach((name, mean) -> page.append(
                        "<tr><td>%s</td><td>%s</td></tr>%n".formatted(escape(name), TextReport.number(mean, 2))));
        page.append("</table>\n").append(legend(results.modes()));
        page.append("<h2>Steady speed, plain QEMU is 1</h2>\n")
                .append(bars(results, rows, (row, mode) -> row.steady(mode, Mode.QEMU_PLAIN)));
        page.append("<h2>Speed of the whole run, plain QEMU is 1</h2>\n")
                .append(bars(results, rows, (row, mode) -> row.whole(mode, Mode.QEMU_PLAIN)));
        page.append("<h2>Figures</h2>\n<pre>")
                .append(escape(TextReport.of(results)))
                .append("</pre>\n</body></html>\n");
        return page.toString();
    }

    private static String legend(List<Mode> modes) {
        StringBuilder legend = new StringBuilder("<p>");
        modes.forEach(mode -> legend.append("<span style=\"color:%s\">&#9632;</span> %s &nbsp; "
                .formatted(COLOURS.get(mode), escape(mode.label()))));
        return legend.append("</p>\n").toString();
    }

    private static String bars(Results results, List<Row> rows, ToDoubleBiFunction<Row, Mode> ratio) {
        StringBuilder svg = new StringBuilder();
        int y = 0;
        for (Row row : rows) {
            int top = y;
            for (Mode mode : results.modes()) {
                double value = ratio.applyAsDouble(row, mode);
                if (Double.isFinite(value)) {
                    svg.append(bar(y, mode, value));
                    y += BAR;
                }
            }
            if (y > top) {
                svg.append("<text x=\"0\" y=\"%d\">%s</text>%n".formatted((top + y) / 2 + 4, escape(row.name())));
                y += GAP;
            }
        }
        return """
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d">
                <line x1="%d" y1="0" x2="%d" y2="%d" stroke="#dadce0"/>
                %s</svg>
                """.formatted((int) (LABEL + LONGEST * UNIT + 80), y, LABEL + UNIT, LABEL + UNIT, y, svg);
    }

    private static String bar(int y, Mode mode, double value) {
        double width = Math.max(1, Math.min(value, LONGEST) * UNIT);
        return String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"><title>%s</title></rect>"
                        + "<text x=\"%.1f\" y=\"%d\">%.2f</text>%n",
                LABEL,
                y,
                width,
                BAR - 1,
                COLOURS.get(mode),
                escape(mode.label()),
                LABEL + width + 4,
                y + BAR - 2,
                value);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
