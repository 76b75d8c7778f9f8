package hartbeat.tools;

import java.text.MessageFormat;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import org.jspecify.annotations.Nullable;

/**
 * Where {@link System.Logger} leads to: what the parts of this program have to say becomes a line for the user on standard error, from
 * {@link System.Logger.Level#INFO} on, or from DEBUG on with {@code -Dhartbeat.debug=true}. The JDK's own back-end knows files, formats and time
 * zones, and looks for all of them at each start.
 */
public final class UserLog extends System.LoggerFinder {
    private static final String PROGRAM = "hartbeat: ";
    private static final System.Logger.Level LEAST =
            Boolean.getBoolean("hartbeat.debug") ? System.Logger.Level.DEBUG : System.Logger.Level.INFO;
    private static final Set<String> QUIET = new CopyOnWriteArraySet<>();

    /** For the JDK, which finds this class by its name in {@code META-INF/services}. */
    public UserLog() {}

    /** From now on nothing is said by the parts whose names begin so. */
    public static void quiet(String names) {
        QUIET.add(names);
    }

    /** Says a line at once, where it is known that it is to be said: to look a logger up costs a start. */
    public static void say(String line) {
        System.err.println(PROGRAM + line);
    }

    @Override
    public System.Logger getLogger(String name, Module module) {
        return new Part(name);
    }

    private record Part(String name) implements System.Logger {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean isLoggable(Level level) {
            return level.compareTo(LEAST) >= 0
                    && level != Level.OFF
                    && QUIET.stream().noneMatch(name::startsWith);
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle texts, @Nullable String message, @Nullable Throwable cause) {
            if (isLoggable(level)) {
                String text = text(texts, String.valueOf(message));
                say(cause == null ? text : text + ": " + cause);
            }
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle texts, @Nullable String format, @Nullable Object... values) {
            if (isLoggable(level)) {
                say(filled(text(texts, String.valueOf(format)), values));
            }
        }

        private static String text(@Nullable ResourceBundle texts, String message) {
            return texts != null && texts.containsKey(message) ? texts.getString(message) : message;
        }

        /** What cannot be filled in is said as it is: a message must not become a failure of whoever has something to say. */
        private static String filled(String format, @Nullable Object @Nullable [] values) {
            if (values == null || !format.contains("{0")) {
                return format;
            }
            try {
                return MessageFormat.format(format, values);
            } catch (IllegalArgumentException e) {
                return format;
            }
        }
    }
}
