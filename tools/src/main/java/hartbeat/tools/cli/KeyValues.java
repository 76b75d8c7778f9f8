package hartbeat.tools.cli;

import hartbeat.tools.UserError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An option's value in QEMU's way: {@code first,key=value,key=value}; a comma inside a value is written twice. Every key must be
 * taken by whoever reads it, so that a mistyped one is told and not ignored.
 */
final class KeyValues {
    private final String option;
    private final String first;
    private final Map<String, String> values = new LinkedHashMap<>();

    /** @param option the option's name for messages */
    KeyValues(String option, String text) {
        this.option = option;
        String head = "";
        boolean isFirst = true;
        for (String part : split(text)) {
            int equals = part.indexOf('=');
            if (isFirst && equals < 0) {
                head = part;
            } else if (equals < 0) {
                values.put(part, "on");
            } else if (values.put(part.substring(0, equals), part.substring(equals + 1)) != null) {
                throw UserError.usage(
                        "%s: %s is given twice".formatted(option, part.substring(0, equals)), "give it once");
            }
            isFirst = false;
        }
        first = head;
    }

    /** The leading word, empty if the text begins with a key. */
    String first() {
        return first;
    }

    @Nullable
    String take(String key) {
        return values.remove(key);
    }

    String take(String key, String byDefault) {
        String value = values.remove(key);
        return value == null ? byDefault : value;
    }

    String require(String key, String hint) {
        String value = values.remove(key);
        if (value == null || value.isEmpty()) {
            throw UserError.usage("%s: %s=.. is missing".formatted(option, key), hint);
        }
        return value;
    }

    boolean flag(String key) {
        String value = values.remove(key);
        return switch (value) {
            case null -> false;
            case "on", "yes", "true" -> true;
            case "off", "no", "false" -> false;
            default ->
                throw UserError.usage("%s: %s: expected=on or off, actual=%s".formatted(option, key, value), "use on");
        };
    }

    /** To be called when all known keys are taken. */
    void refuseTheRest(String known) {
        if (!values.isEmpty()) {
            throw UserError.usage(
                    "%s: unknown key %s"
                            .formatted(option, values.keySet().iterator().next()),
                    "known: " + known);
        }
    }

    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ',' && i + 1 < text.length() && text.charAt(i + 1) == ',') {
                part.append(c);
                i++;
            } else if (c == ',') {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        parts.add(part.toString());
        return parts;
    }
}
