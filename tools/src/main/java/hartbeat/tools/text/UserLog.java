package hartbeat.tools.text;

import java.text.MessageFormat;
import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Where {@link System.Logger} leads to: what the parts of this program have to say becomes a line for the user on standard error, from
 * {@link System.Logger.Level#INFO} on. The JDK's own back-end knows files, formats and time zones, and looks for all of them at each start.
 */
public final class UserLog extends System.LoggerFinder {
    private static final String PROGRAM = "hartbeat: ";
    private static final List<String> QUIET = new CopyOnWriteArrayList<>();

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
            return level.compareTo(Level.INFO) >= 0
                    && level != Level.OFF
                    && QUIET.stream().noneMatch(name::startsWith);
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle texts, @Nullable String message, @Nullable Throwable cause) {
            if (isLoggable(level)) {
                say(cause == null ? String.valueOf(message) : message + ": " + cause);
            }
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle texts, @Nullable String format, @Nullable Object... values) {
            if (isLoggable(level)) {
                say(
                        values == null || values.length == 0
                                ? String.valueOf(format)
                                : MessageFormat.format(String.valueOf(format), values));
            }
        }
    }
}
