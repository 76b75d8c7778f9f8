package hartbeat.tools.demo;

import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Speed of a protected guest that computes, told by the guest itself: its own count of instructions over its own clock. */
final class GuestSpeed {
    private static final String COMMAND = "guest instret; guest bench 4; guest instret\n";
    private static final Pattern RESULT =
            Pattern.compile("instret: (\\d+)\\s+bench: [^\\n]*, (\\d+) ms\\s+instret: (\\d+)\\s");

    private GuestSpeed() {}

    /**
     * Types a fixed amount of work (some 180 million instructions) and waits for its end.
     *
     * @return million instructions per second of guest time, NaN if no result came in {@code timeoutMillis}
     */
    static double mips(ConsoleWatch console, Consumer<String> type, long timeoutMillis) throws InterruptedException {
        type.accept(COMMAND);
        if (!console.await(RESULT, timeoutMillis)) {
            return Double.NaN;
        }
        Matcher result = RESULT.matcher(console.text());
        if (!result.find()) {
            return Double.NaN;
        }
        long instructions = Long.parseLong(result.group(3)) - Long.parseLong(result.group(1));
        return instructions / (Math.max(1, Long.parseLong(result.group(2))) * 1e3);
    }
}
