package hartbeat.proof.guest;

import hartbeat.proof.fault.Seeded;
import hartbeat.proof.world.Outside;
import hartbeat.proof.world.Workload;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Numbered requests to the guest {@code service}, some at a time, and typed bytes between them; at the end a {@code q}. */
final class ServiceWorkload implements Workload {
    private static final long MILLI = 1_000_000;
    private static final int TYPE = 0x88b5;
    private static final int ETH_BYTES = 14;
    private static final int REPLY_BYTES = 20;
    private static final int MAGIC = 0x52435348;
    private static final int SLOTS = 16;
    private static final int FIRST_SECTOR = 8;
    private static final int SECTOR_BYTES = 512;
    private static final int FNV_OFFSET = (int) 2_166_136_261L;
    private static final int FNV_PRIME = 16_777_619;
    private static final String KEYS = "abcdefgh";

    private final Seeded random;
    private final int window;
    private final long pauseNanos;
    private final List<Integer> hashes = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private final int[] slots = new int[SLOTS];
    private int left;
    private int answered;
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
        hashes.add(FNV_OFFSET);
    }

    @Override
    public long nextNanos() {
        boolean held = left > 0 && sent() - answered >= window;
        return quit || held || (left == 0 && answered < sent()) ? Long.MAX_VALUE : nextNanos;
    }

    private int sent() {
        return hashes.size() - 1;
    }

    @Override
    public void step(Outside outside, long nowNanos) {
        for (; seen < outside.frames().size(); seen++) {
            answer(outside.frames().get(seen));
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
        int number = hashes.size();
        ByteBuffer frame = ByteBuffer.allocate(ETH_BYTES + 4 + filling.length).order(ByteOrder.LITTLE_ENDIAN);
        frame.put(GuestCase.MAC.toBytes())
                .put(Outside.MAC)
                .put((byte) (TYPE >>> 8))
                .put((byte) TYPE)
                .putInt(number)
                .put(filling);
        hashes.add(mix(hashes.getLast(), frame.array(), ETH_BYTES, frame.position()));
        return frame.array();
    }

    private void answer(byte[] frame) {
        if (frame.length < ETH_BYTES + REPLY_BYTES) {
            wrong.add("reply: expected=%d bytes, actual=%d".formatted(ETH_BYTES + REPLY_BYTES, frame.length));
            return;
        }
        ByteBuffer reply = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN).position(ETH_BYTES);
        int number = reply.getInt();
        int count = reply.getInt();
        int hash = reply.getInt();
        reply.getInt();
        int slot = reply.getInt();
        answered++;
        if (number != answered || count != answered) {
            wrong.add("reply: expected=request and count %d, actual=request %d, count %d"
                    .formatted(answered, number, count));
        } else if (number >= hashes.size() || hash != hashes.get(number)) {
            wrong.add("reply %d: the guest has another history of requests than was sent".formatted(number));
        }
        if (slot >= 0 && slot < SLOTS) {
            slots[slot] = count;
        }
    }

    private static int mix(int hash, byte[] bytes, int from, int to) {
        int mixed = hash;
        for (int i = from; i < to; i++) {
            mixed = (mixed ^ bytes[i] & 0xff) * FNV_PRIME;
        }
        return mixed;
    }

    @Override
    public boolean done() {
        return bye && answered == sent();
    }

    @Override
    public void finish() {
        left = Math.min(left, 3);
    }

    @Override
    public List<String> violations(Outside outside) {
        List<String> found = new ArrayList<>(wrong);
        int keys = 0;
        int replies = 0;
        for (String line :
                new String(outside.printed(), StandardCharsets.US_ASCII).lines().toList()) {
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
        List<String> found = new ArrayList<>();
        for (int slot = 0; slot < SLOTS; slot++) {
            if (slots[slot] > 0) {
                int at = (FIRST_SECTOR + slot) * SECTOR_BYTES;
                ByteBuffer record = ByteBuffer.wrap(flushed).order(ByteOrder.LITTLE_ENDIAN);
                boolean whole = record.getInt(at) == MAGIC && record.getInt(at + 20) == mix(0, flushed, at, at + 20);
                if (!whole || record.getInt(at + 4) < slots[slot]) {
                    found.add("disk: expected=the flushed record of request %d in slot %d, actual=%s %d"
                            .formatted(slots[slot], slot, whole ? "record" : "no record,", record.getInt(at + 4)));
                }
            }
        }
        return found;
    }
}
