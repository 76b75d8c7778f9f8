package hartbeat.tools.demo;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that the demo checked or measured.
 *
 * @param story the part of the demo that it belongs to: kill, backup, freeze, cut
 * @param name what was checked, in the words of a reader
 * @param held whether it is as it must be; always true for what is only measured
 * @param figure what was measured
 * @param unit of the figure; empty for a mere number
 * @param note what was expected or seen, for the one who reads a failure
 */
public record Check(String story, String name, boolean held, double figure, String unit, String note) {

    /** A condition that has to hold. */
    public static Check that(String story, String name, boolean held, double figure, String unit, String note) {
        return new Check(story, name, held, figure, unit, note);
    }

    /** A figure without a verdict. */
    public static Check measured(String story, String name, double figure, String unit) {
        return new Check(story, name, true, figure, unit, "");
    }

    /** Something that had to happen and did not; the figure is absent. */
    public static Check missing(String story, String name, String note) {
        return new Check(story, name, false, Double.NaN, "", note);
    }

    /** The figure with its unit, short enough for a table. */
    public String figureText() {
        if (Double.isNaN(figure)) {
            return "-";
        }
        String number = figure == Math.rint(figure) && Math.abs(figure) < 1e12
                ? Long.toString((long) figure)
                : String.format(Locale.ROOT, Math.abs(figure) < 10 ? "%.3f" : "%.1f", figure);
        return unit.isEmpty() ? number : number + " " + unit;
    }

    Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("story", story);
        json.put("name", name);
        json.put("held", held);
        json.put("figure", figure);
        json.put("unit", unit);
        json.put("note", note);
        return json;
    }
}
