package hartbeat.tools.demo;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Collects every byte of the guest's console and finds out whether one is missing or there twice: the guest prints numbered lines
 * at fixed moments, and a shell echoes what is typed.
 */
final class ConsoleWatch {
    /** What is typed to begin the numbered lines. */
    static final String TICK_COMMAND = "guest tick";

    private static final Pattern TICK = Pattern.compile("tick (\\d+)");

    /** The kernel prints its messages at once and whole, in the middle of whatever line stands on the console. */
    private static final Pattern KERNEL_MESSAGE = Pattern.compile("\\[ *\\d+\\.\\d{6}] [^\r\n]*\r?\n");

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();

    /**
     * What the numbered lines say.
     *
     * @param count lines that came
     * @param complaint empty if all came, once, in order and whole
     */
    record Ticks(long count, long last, String complaint) {}

    void console(byte[] more) {
        lock.lock();
        try {
            bytes.writeBytes(more);
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    String text() {
        lock.lock();
        try {
            return bytes.toString(StandardCharsets.ISO_8859_1);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the console shows a text that matches; false if it has not after {@code timeoutMillis}. */
    boolean await(Pattern pattern, long timeoutMillis) throws InterruptedException {
        long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        lock.lock();
        try {
            while (!pattern.matcher(bytes.toString(StandardCharsets.ISO_8859_1)).find()) {
                if (left <= 0) {
                    return false;
                }
                left = grown.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Checks the numbered lines: each is whole, and each number is one more than the one before, from 1. */
    Ticks ticks() {
        long expected = 1;
        for (String line : lines(withoutKernelMessages())) {
            if (!line.contains("tick") || line.contains(TICK_COMMAND)) {
                continue;
            }
            // A shell's prompt and the echo of what is typed may stand before it on the line, never within it or behind
            // it.
            Matcher tick = TICK.matcher(line);
            if (!tick.find() || tick.end() != line.length()) {
                return new Ticks(expected - 1, expected - 1, "garbled line: " + line);
            }
            long number = Long.parseLong(tick.group(1));
            if (number != expected) {
                return new Ticks(expected - 1, number, "expected=tick %d, actual=tick %d".formatted(expected, number));
            }
            expected++;
        }
        return new Ticks(expected - 1, expected - 1, expected == 1 ? "no numbered line came" : "");
    }

    /** How often a text stands on the console. */
    int occurrences(String text) {
        String all = withoutKernelMessages();
        int count = 0;
        for (int at = all.indexOf(text); at >= 0; at = all.indexOf(text, at + 1)) {
            count++;
        }
        return count;
    }

    private String withoutKernelMessages() {
        return KERNEL_MESSAGE.matcher(text()).replaceAll("");
    }

    /** Whole lines only: the last piece may still grow. */
    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
            lines.add(text.substring(start, end).replace("\r", ""));
            start = end + 1;
        }
        return lines;
    }
}
