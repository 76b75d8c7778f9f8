package hartbeat.proof.guest;

import hartbeat.proof.fault.Seeded;
import hartbeat.proof.world.Outside;
import hartbeat.proof.world.Workload;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Types numbered lines, each of which must come back once, in order. */
final class EchoWorkload implements Workload {
    private static final long MILLI = 1_000_000;
    private static final int MOST_LINES = 40;
    /** The guest reads into a ring of 256 bytes, and loses what is typed ahead of it. */
    private static final int MOST_AHEAD_BYTES = 128;

    private final Seeded random;
    private final StringBuilder expected = new StringBuilder("ready\n");
    private int left;
    private int number;
    private boolean quit;
    private boolean ahead;
    private boolean done;
    private long nextNanos = 2 * MILLI;

    EchoWorkload(long seed, int requests) {
        random = Seeded.of(seed, "echo");
        left = Math.min(requests, MOST_LINES);
    }

    @Override
    public long nextNanos() {
        return quit || ahead ? Long.MAX_VALUE : nextNanos;
    }

    @Override
    public void step(Outside outside, long nowNanos) {
        ahead = expected.length() - outside.printedBytes() > MOST_AHEAD_BYTES;
        if (!quit && !ahead && nowNanos >= nextNanos) {
            nextNanos = nowNanos + random.between(100_000, 5 * MILLI);
            type(outside, nowNanos);
        }
        done |= quit && outside.printedBytes() >= expected.length();
    }

    private void type(Outside outside, long nowNanos) {
        String line = left > 0 ? "line " + (number + 1) : "quit";
        if (!outside.type((line + "\n").getBytes(StandardCharsets.US_ASCII), nowNanos)) {
            return;
        }
        if (left > 0) {
            left--;
            number++;
            expected.append("echo: ").append(line).append('\n');
        } else {
            quit = true;
            expected.append("bye\n");
        }
    }

    @Override
    public boolean done() {
        return done;
    }

    @Override
    public void finish() {
        left = 0;
    }

    @Override
    public List<String> violations(Outside outside) {
        String text = new String(outside.printed(), StandardCharsets.US_ASCII);
        int same = 0;
        while (same < Math.min(text.length(), expected.length()) && text.charAt(same) == expected.charAt(same)) {
            same++;
        }
        return same == text.length()
                ? List.of()
                : List.of("console: what was printed is not what was typed, from byte %d on".formatted(same));
    }
}
