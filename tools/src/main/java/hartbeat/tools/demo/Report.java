package hartbeat.tools.demo;

import hartbeat.tools.text.Json;
import hartbeat.tools.text.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All checks of a demo, as a table for people and as JSON for scripts. Safe to add to from several threads. */
public final class Report {
    private final List<Check> checks = new ArrayList<>();

    public synchronized void add(Check check) {
        checks.add(check);
    }

    public synchronized List<Check> checks() {
        return List.copyOf(checks);
    }

    /** Whether there is a check at all and every one held. */
    public synchronized boolean held() {
        return !checks.isEmpty() && checks.stream().allMatch(Check::held);
    }

    public synchronized long failures() {
        return checks.stream().filter(check -> !check.held()).count();
    }

    /** One row for each check, those of a story together. */
    public synchronized String table() {
        Table table = new Table();
        String story = "";
        for (Check check : checks) {
            String first = check.story().equals(story) ? "" : check.story();
            story = check.story();
            table.row(first, check.held() ? "ok" : "FAILED", check.name(), check.figureText(), check.note());
        }
        return table.toString();
    }

    /** {@code {"held": .., "checks": [..]}}. */
    public synchronized String json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("held", held());
        json.put("checks", checks.stream().map(Check::json).toList());
        return Json.pretty(json);
    }
}
