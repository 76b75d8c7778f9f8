package hartbeat.bench.compare;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the workloads' marks on a console and stamps each line with the time at which its end arrived. A mark is a line of its own:
 * {@code bench NAME begin}, {@code bench NAME LAP}, {@code bench NAME end CHECKSUM INSTRUCTIONS}, numbers of the last in hex.
 */
final class MarkReader {
    private static final int TAIL_CHARS = 2000;
    private static final int MAX_LINE_CHARS = 4096;

    private final StringBuilder line = new StringBuilder();
    private final StringBuilder tail = new StringBuilder();
    private final Map<String, Open> open = new LinkedHashMap<>();
    private final List<Trace> traces = new ArrayList<>();
    private final long startNanos;
    private @Nullable String complaint;

    private static final class Open {
        final List<Long> laps = new ArrayList<>();
        long beginNanos;
    }

    /** @param startNanos of the process, from which a workload counts that never marked its beginning */
    MarkReader(long startNanos) {
        this.startNanos = startNanos;
    }

    /** Takes what the console printed; {@code nanos} is now. */
    synchronized void accept(byte[] bytes, int length, long nanos) {
        for (int i = 0; i < length; i++) {
            char c = (char) (bytes[i] & 0xff);
            if (c == '\n') {
                line(line.toString().strip(), nanos);
                line.setLength(0);
            } else if (line.length() < MAX_LINE_CHARS) {
                line.append(c);
            }
        }
        tail.append(new String(bytes, 0, length, StandardCharsets.ISO_8859_1));
        tail.delete(0, Math.max(0, tail.length() - TAIL_CHARS));
    }

    /** Workloads that have marked their end, in that order. */
    synchronized List<Trace> traces() {
        return List.copyOf(traces);
    }

    /** What was wrong with a mark, or null. */
    synchronized @Nullable String complaint() {
        return complaint;
    }

    /** The last line that was printed, for a message. */
    synchronized String lastLine() {
        return tail.toString()
                .lines()
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .reduce("nothing printed", (a, b) -> b);
    }

    private void line(String text, long nanos) {
        String[] words = text.split(" ", -1);
        if (words.length < 3 || !words[0].equals("bench")) {
            return;
        }
        String name = words[1];
        switch (words[2]) {
            case "begin" -> open.computeIfAbsent(name, _ -> new Open()).beginNanos = nanos;
            case "end" -> end(name, words, nanos);
            default -> lap(name, words[2], nanos);
        }
    }

    private void lap(String name, String number, long nanos) {
        Open workload = open.get(name);
        int expected = workload == null ? 0 : workload.laps.size() + 1;
        if (workload == null || !number.equals(Integer.toString(expected))) {
            complaint = "%s: expected=lap %d, actual=%s".formatted(name, expected, number);
            return;
        }
        workload.laps.add(nanos);
    }

    private void end(String name, String[] words, long nanos) {
        Open workload = open.remove(name);
        long begin = workload == null ? startNanos : workload.beginNanos;
        List<Long> laps = workload == null ? List.of() : workload.laps;
        try {
            traces.add(new Trace(name, begin, laps, nanos, words[3], Long.decode(words[4])));
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            complaint = "%s: expected=end CHECKSUM INSTRUCTIONS, actual=%s".formatted(name, String.join(" ", words));
        }
    }
}
