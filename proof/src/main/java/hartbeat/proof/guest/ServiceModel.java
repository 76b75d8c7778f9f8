package hartbeat.proof.guest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * What a client of the guest {@code service} knows: what it asked, and therefore what each answer and each record on the disk must be. A
 * network in between may have lost what was under way when it broke ({@link #mayLose}); then the next answer tells what arrived.
 */
public final class ServiceModel {
    private static final int TYPE = 0x88b5;
    private static final int ETH_BYTES = 14;
    private static final int REPLY_BYTES = 20;
    private static final int MAGIC = 0x52435348;
    private static final int SLOTS = 16;
    private static final int FIRST_SECTOR = 8;
    private static final int SECTOR_BYTES = 512;
    private static final int FNV_OFFSET = (int) 2_166_136_261L;
    private static final int FNV_PRIME = 16_777_619;
    private static final int ANSWERS_KEPT = 64;

    private final byte[] guest;
    private final byte[] client;
    /** Sent and not known to be answered, oldest first. */
    private final Deque<Request> open = new ArrayDeque<>();

    private final Deque<byte[]> answers = new ArrayDeque<>();
    private final List<String> complaints = new ArrayList<>();
    private final int[] slots = new int[SLOTS];
    private int sent;
    private int count;
    private int hash = FNV_OFFSET;
    private long answered;
    /** The last request that the network may have lost, or whose answer may be lost or come twice. */
    private int lossyUpTo;

    private record Request(int number, byte[] body) {}

    /**
     * @param guest address of the guest's card, or all ones
     * @param client address that answers go to
     */
    public ServiceModel(byte[] guest, byte[] client) {
        this.guest = guest.clone();
        this.client = client.clone();
    }

    /** The next request's frame. */
    public byte[] request(byte[] filling) {
        sent++;
        byte[] body = ByteBuffer.allocate(Integer.BYTES + filling.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(sent)
                .put(filling)
                .array();
        open.add(new Request(sent, body));
        return ByteBuffer.allocate(ETH_BYTES + body.length)
                .put(guest)
                .put(client)
                .putShort((short) TYPE)
                .put(body)
                .array();
    }

    /** The number of the last request. */
    public int sent() {
        return sent;
    }

    /** Requests whose answer is awaited. */
    public int open() {
        return open.size();
    }

    public long answered() {
        return answered;
    }

    /** What was wrong; empty if nothing was. */
    public List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** The network has broken: what is under way may be lost, and an answer that came may come again. */
    public void mayLose() {
        lossyUpTo = sent;
    }

    /** Whether a frame is meant for the client. */
    public boolean concerns(byte[] frame) {
        return frame.length >= ETH_BYTES
                && Arrays.equals(frame, 0, client.length, client, 0, client.length)
                && ByteBuffer.wrap(frame).getShort(2 * client.length) == (short) TYPE;
    }

    /** Takes an answer's frame. @return the number of its request, 0 if it has none */
    public int answer(byte[] frame) {
        if (frame.length < ETH_BYTES + REPLY_BYTES) {
            complaints.add("reply: expected=%d bytes, actual=%d".formatted(ETH_BYTES + REPLY_BYTES, frame.length));
            return 0;
        }
        ByteBuffer reply = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN).position(ETH_BYTES);
        int number = reply.getInt();
        int guestCount = reply.getInt();
        int guestHash = reply.getInt();
        reply.getInt();
        int slot = reply.getInt();
        if (open.stream().noneMatch(request -> request.number() == number)) {
            repeated(number, frame);
            return number;
        }
        settle(number, guestCount, guestHash);
        count = guestCount;
        hash = guestHash;
        answered++;
        if (slot >= 0 && slot < SLOTS) {
            slots[slot] = guestCount;
        }
        answers.add(frame.clone());
        if (answers.size() > ANSWERS_KEPT) {
            answers.remove();
        }
        return number;
    }

    private void repeated(int number, byte[] frame) {
        boolean known = answers.stream().anyMatch(before -> Arrays.equals(before, frame));
        if (number > lossyUpTo || !known) {
            complaints.add("reply: nobody awaits request %d: %s"
                    .formatted(number, known ? "the answer came twice" : "answered before, or never asked"));
        }
    }

    /** Removes the request and what was asked before it, and checks that the guest has had a history that is possible. */
    private void settle(int number, int guestCount, int guestHash) {
        List<Request> before = new ArrayList<>();
        Request own = open.remove();
        while (own.number() != number) {
            before.add(own);
            own = open.remove();
        }
        for (Request request : before) {
            if (request.number() > lossyUpTo) {
                complaints.add("request %d: no answer, but one to %d".formatted(request.number(), number));
            }
        }
        boolean lossy = number <= lossyUpTo || !before.isEmpty();
        if (!possible(before, own, guestCount, guestHash)) {
            complaints.add("reply %d: expected=count %d%s with the hash of what was asked, actual=count %d, %s"
                    .formatted(
                            number,
                            count + 1,
                            lossy ? " to " + (count + 1 + before.size()) : "",
                            guestCount,
                            "hash %08x".formatted(guestHash)));
        }
    }

    /** Whether some of the unanswered requests, in order, and then this one make the guest's count and hash. */
    private boolean possible(List<Request> before, Request own, int guestCount, int guestHash) {
        for (long chosen = 0; chosen < 1L << Math.min(before.size(), 20); chosen++) {
            if (count + Long.bitCount(chosen) + 1 != guestCount) {
                continue;
            }
            int mixed = hash;
            for (int i = 0; i < before.size(); i++) {
                if ((chosen >> i & 1) != 0) {
                    mixed = mix(mixed, before.get(i).body(), 0, before.get(i).body().length);
                }
            }
            if (mix(mixed, own.body(), 0, own.body().length) == guestHash) {
                return true;
            }
        }
        return false;
    }

    /** What is wrong with a disk's contents, after all that was answered. */
    public List<String> diskViolations(byte[] image) {
        List<String> found = new ArrayList<>();
        ByteBuffer record = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        for (int slot = 0; slot < SLOTS; slot++) {
            if (slots[slot] > 0) {
                int at = (FIRST_SECTOR + slot) * SECTOR_BYTES;
                boolean whole = record.getInt(at) == MAGIC && record.getInt(at + 20) == mix(0, image, at, at + 20);
                if (!whole || record.getInt(at + 4) < slots[slot]) {
                    found.add("disk: expected=the flushed record of request %d in slot %d, actual=%s %d"
                            .formatted(slots[slot], slot, whole ? "record" : "no record,", record.getInt(at + 4)));
                }
            }
        }
        return found;
    }

    private static int mix(int hash, byte[] bytes, int from, int to) {
        int mixed = hash;
        for (int i = from; i < to; i++) {
            mixed = (mixed ^ bytes[i] & 0xff) * FNV_PRIME;
        }
        return mixed;
    }
}
