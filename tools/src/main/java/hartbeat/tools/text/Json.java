package hartbeat.tools.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON (RFC 8259) for figures and status lines: maps, lists, strings, numbers, booleans and null. Objects keep their order; numbers
 * without a fraction are read as {@code Long}, others as {@code Double}.
 */
public final class Json {
    private static final int MAX_DEPTH = 32;

    private Json() {}

    /** One line, without spaces. */
    public static String line(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        write(out, value, -1);
        return out.toString();
    }

    /** Indented, for files that people open. */
    public static String pretty(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        write(out, value, 0);
        return out.append('\n').toString();
    }

    /** @throws IllegalArgumentException if the text is not one JSON value */
    public static @Nullable Object parse(String text) {
        Reader reader = new Reader(text);
        Object value = reader.value(0);
        reader.end();
        return value;
    }

    /** @throws IllegalArgumentException if the text is not one JSON object */
    @SuppressWarnings("unchecked")
    public static Map<String, @Nullable Object> parseObject(String text) {
        if (parse(text) instanceof Map<?, ?> map) {
            return (Map<String, @Nullable Object>) map;
        }
        throw new IllegalArgumentException("not a JSON object: " + text);
    }

    private static void write(StringBuilder out, @Nullable Object value, int indent) {
        switch (value) {
            case null -> out.append("null");
            case Map<?, ?> map -> writeMap(out, map, indent);
            case Iterable<?> list -> writeList(out, list, indent);
            case Double number -> out.append(number(number));
            case Number number -> out.append(number);
            case Boolean flag -> out.append(flag);
            default -> writeString(out, value.toString());
        }
    }

    private static String number(double number) {
        if (!Double.isFinite(number)) {
            return "null";
        }
        if (number == Math.rint(number) && Math.abs(number) < 1e15) {
            return Long.toString((long) number);
        }
        return String.format(Locale.ROOT, "%.6g", number)
                .replaceFirst("(\\.\\d*?)0+$", "$1")
                .replaceFirst("\\.$", "");
    }

    private static void writeMap(StringBuilder out, Map<?, ?> map, int indent) {
        out.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(separator);
            newLine(out, indent, 1);
            writeString(out, String.valueOf(entry.getKey()));
            out.append(indent < 0 ? ":" : ": ");
            write(out, entry.getValue(), indent < 0 ? -1 : indent + 1);
            separator = ",";
        }
        if (!map.isEmpty()) {
            newLine(out, indent, 0);
        }
        out.append('}');
    }

    private static void writeList(StringBuilder out, Iterable<?> list, int indent) {
        out.append('[');
        String separator = "";
        for (Object item : list) {
            out.append(separator);
            newLine(out, indent, 1);
            write(out, item, indent < 0 ? -1 : indent + 1);
            separator = ",";
        }
        if (!separator.isEmpty()) {
            newLine(out, indent, 0);
        }
        out.append(']');
    }

    private static void newLine(StringBuilder out, int indent, int deeper) {
        if (indent >= 0) {
            out.append('\n').append("  ".repeat(indent + deeper));
        }
    }

    private static void writeString(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || Character.isSurrogate(c)) {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    /** A recursive-descent reader with a bounded depth, as status lines come over a pipe from another process. */
    private static final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        @Nullable
        Object value(int depth) {
            if (depth > MAX_DEPTH) {
                throw error("nested deeper than " + MAX_DEPTH);
            }
            skipSpace();
            char c = peek();
            return switch (c) {
                case '{' -> object(depth);
                case '[' -> array(depth);
                case '"' -> string();
                case 't' -> word("true", Boolean.TRUE);
                case 'f' -> word("false", Boolean.FALSE);
                case 'n' -> word("null", null);
                default -> number();
            };
        }

        void end() {
            skipSpace();
            if (at != text.length()) {
                throw error("text after the value");
            }
        }

        private Map<String, @Nullable Object> object(int depth) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            at++;
            skipSpace();
            while (peek() != '}') {
                skipSpace();
                String key = string();
                skipSpace();
                expect(':');
                map.put(key, value(depth + 1));
                skipSpace();
                if (peek() != '}') {
                    expect(',');
                }
            }
            at++;
            return map;
        }

        private List<@Nullable Object> array(int depth) {
            List<@Nullable Object> list = new ArrayList<>();
            at++;
            skipSpace();
            while (peek() != ']') {
                list.add(value(depth + 1));
                skipSpace();
                if (peek() != ']') {
                    expect(',');
                }
            }
            at++;
            return list;
        }

        private String string() {
            expect('"');
            StringBuilder out = new StringBuilder();
            while (peek() != '"') {
                char c = text.charAt(at++);
                out.append(c == '\\' ? escape() : c);
            }
            at++;
            return out.toString();
        }

        private char escape() {
            char c = peek();
            at++;
            return switch (c) {
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 'u' -> {
                    if (at + 4 > text.length()) {
                        throw error("cut off");
                    }
                    at += 4;
                    yield (char) Integer.parseInt(text, at - 4, at, 16);
                }
                default -> c;
            };
        }

        private @Nullable Object word(String word, @Nullable Object value) {
            if (!text.startsWith(word, at)) {
                throw error("expected " + word);
            }
            at += word.length();
            return value;
        }

        private Object number() {
            int start = at;
            while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            String digits = text.substring(start, at);
            try {
                return digits.matches("-?\\d+") ? (Object) Long.valueOf(digits) : Double.valueOf(digits);
            } catch (NumberFormatException notANumber) {
                throw error("not a number");
            }
        }

        private void skipSpace() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
        }

        private char peek() {
            if (at >= text.length()) {
                throw error("cut off");
            }
            return text.charAt(at);
        }

        private void expect(char c) {
            if (peek() != c) {
                throw error("expected '" + c + "'");
            }
            at++;
        }

        private IllegalArgumentException error(String what) {
            return new IllegalArgumentException("JSON: %s at character %d".formatted(what, at));
        }
    }
}
