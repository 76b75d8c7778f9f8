package hartbeat.tools.prove;

import hartbeat.proof.campaign.Finding;
import hartbeat.tools.prove.Proof.Line;
import hartbeat.tools.text.Json;
import hartbeat.tools.text.Table;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What campaigns tried and found.
 *
 * @param floorHours hours that the floors are demanded for; 0 for none
 */
public record ProofReport(List<Line> lines, long seed, double floorHours, double seconds) {
    /** Findings that are told one by one; that there are more is told with their number. */
    public static final int MOST_SHOWN = 20;

    public ProofReport {
        lines = List.copyOf(lines);
    }

    /** How many violations there are. */
    public int found() {
        return lines.stream().mapToInt(line -> line.tried().findings().size()).sum();
    }

    /** One sentence for each campaign that tried less than it must. */
    public List<String> missed() {
        return lines.stream()
                .filter(line -> line.tried().count() < floor(line))
                .map(line -> "%s: %s: expected>=%,d, actual=%,d"
                        .formatted(
                                line.campaign().name(),
                                line.tried().unit(),
                                floor(line),
                                line.tried().count()))
                .toList();
    }

    private long floor(Line line) {
        return (long) (line.campaign().floorPerHour() * floorHours);
    }

    /** Findings with their commands, then the table. */
    public void print(PrintWriter out) {
        for (Line line : lines) {
            List<Finding> findings = line.tried().findings();
            for (Finding finding : findings.subList(0, Math.min(MOST_SHOWN, findings.size()))) {
                out.println("%s: violation: %s".formatted(line.campaign().name(), finding.what()));
                out.println("    repeat: " + finding.repeat());
            }
            if (findings.size() > MOST_SHOWN) {
                out.println("%s: and %d more; --json has them all"
                        .formatted(line.campaign().name(), findings.size() - MOST_SHOWN));
            }
        }
        Table table = new Table().row("campaign", "tried", "", "floor", "found", "time");
        for (Line line : lines) {
            table.row(
                    line.campaign().name(),
                    "%,d".formatted(line.tried().count()),
                    line.tried().unit(),
                    floor(line) == 0 ? "-" : "%,d".formatted(floor(line)),
                    "%d".formatted(line.tried().findings().size()),
                    "%.0f s".formatted(line.seconds()));
        }
        table.row("all", "", "", "", "%d".formatted(found()), "%.0f s".formatted(seconds));
        out.print(table);
        out.flush();
    }

    /** The same, for a file. */
    public String json() {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("seed", seed);
        all.put("seconds", seconds);
        all.put("found", found());
        List<Map<String, @Nullable Object>> campaigns = new ArrayList<>();
        for (Line line : lines) {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("campaign", line.campaign().name());
            one.put("tried", line.tried().count());
            one.put("unit", line.tried().unit());
            one.put("floor", floor(line));
            one.put("seconds", line.seconds());
            one.put(
                    "findings",
                    line.tried().findings().stream().map(ProofReport::json).toList());
            campaigns.add(one);
        }
        all.put("campaigns", campaigns);
        return Json.pretty(all);
    }

    private static Map<String, @Nullable Object> json(Finding finding) {
        Map<String, @Nullable Object> one = new LinkedHashMap<>();
        one.put("what", finding.what());
        one.put("repeat", finding.repeat());
        return one;
    }
}
