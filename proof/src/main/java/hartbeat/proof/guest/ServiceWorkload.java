package hartbeat.proof.guest;

import hartbeat.proof.fault.Seeded;
import hartbeat.proof.world.Outside;
import hartbeat.proof.world.Workload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Numbered requests to the guest {@code service}, some at a time, and typed bytes between them; at the end a {@code q}. */
final class ServiceWorkload implements Workload {
    private static final long MILLI = 1_000_000;
    private static final String KEYS = "abcdefgh";

    private final Seeded random;
    private final int window;
    private final long pauseNanos;
    private final ServiceModel model = new ServiceModel(GuestCase.MAC.toBytes(), Outside.MAC);
    private int left;
    private int seen;
    private int typed;
    private boolean quit;
    private long nextNanos = 3 * MILLI;
    private boolean bye;

    ServiceWorkload(long seed, int requests) {
        random = Seeded.of(seed, "service");
        left = requests;
        window = (int) random.between(1, 4);
        pauseNanos = requests == Integer.MAX_VALUE ? 20 * MILLI : MILLI;
    }

    @Override
    public long nextNanos() {
        boolean held = left > 0 && model.open() >= window;
        return quit || held || (left == 0 && model.open() > 0) ? Long.MAX_VALUE : nextNanos;
    }

    @Override
    public void step(Outside outside, long nowNanos) {
        for (; seen < outside.frames().size(); seen++) {
            int unused = model.answer(outside.frames().get(seen));
        }
        if (nowNanos >= nextNanos()) {
            nextNanos = nowNanos + random.between(10_000, pauseNanos);
            ask(outside, nowNanos);
        }
        bye |= quit && endsWithBye(outside);
    }

    private static boolean endsWithBye(Outside outside) {
        return new String(outside.printed(), StandardCharsets.US_ASCII).endsWith("bye\n");
    }

    private void ask(Outside outside, long nowNanos) {
        if (left == 0) {
            quit = type(outside, "q", nowNanos);
        } else if (random.chance(20)) {
            type(outside, KEYS.substring(0, (int) random.between(1, KEYS.length())), nowNanos);
        } else {
            left--;
            outside.send(request(), nowNanos);
        }
    }

    private boolean type(Outside outside, String keys, long nowNanos) {
        boolean taken = outside.type(keys.getBytes(StandardCharsets.US_ASCII), nowNanos);
        typed += taken ? keys.length() : 0;
        return taken;
    }

    private byte[] request() {
        byte[] filling = new byte[(int) random.below(60)];
        random.fill(filling);
        return model.request(filling);
    }

    @Override
    public boolean done() {
        return bye && model.open() == 0;
    }

    @Override
    public void finish() {
        left = Math.min(left, 3);
    }

    @Override
    public List<String> violations(Outside outside) {
        List<String> found = new ArrayList<>(model.complaints());
        int keys = 0;
        int replies = 0;
        // Where both sides have ended, the last line may be cut.
        String printed = new String(outside.printed(), StandardCharsets.US_ASCII);
        for (String line :
                printed.substring(0, printed.lastIndexOf('\n') + 1).lines().toList()) {
            if (line.startsWith("k ")) {
                keys += number(line);
            } else if (line.startsWith("r ")) {
                replies++;
                if (number(line) != replies) {
                    found.add("console: expected=r %d, actual=%s".formatted(replies, line));
                }
            }
        }
        if (keys > typed || (bye && keys != typed)) {
            found.add("console: expected=%d typed bytes, actual=%d".formatted(typed, keys));
        }
        return found;
    }

    private static int number(String line) {
        String digits = line.substring(2).strip();
        return digits.isEmpty() || !digits.chars().allMatch(Character::isDigit) ? 0 : Integer.parseInt(digits);
    }

    @Override
    public List<String> diskViolations(byte[] flushed) {
        return model.diskViolations(flushed);
    }
}
