package hartbeat.tools.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32;

/**
 * A client of the guest's checking service on one TCP connection that is never opened again: it sends a numbered, checksummed request
 * every few milliseconds without waiting for answers, and checks each answer against its own count and its own digest of all
 * payloads. So a request or an answer that is lost, repeated, reordered or altered is noticed at once.
 */
public final class ServiceClient implements AutoCloseable {
    private static final long FNV_START = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final int MAX_UNANSWERED = 512;
    private static final int MAX_COMPLAINTS = 8;
    /** By how much the guest's clock may catch up with the host's: it stands still while the guest is held up. */
    private static final long CATCH_UP_MILLIS = 500;

    private final Socket socket;
    private final BufferedReader in;
    private final OutputStream out;
    private final long periodNanos;
    private final AtomicLong sent = new AtomicLong();
    /** When each unanswered request was sent, by its number modulo the length. */
    private final AtomicLongArray sentNanos = new AtomicLongArray(2 * MAX_UNANSWERED);

    private final AtomicLong answered = new AtomicLong();
    private final List<String> complaints = new ArrayList<>();
    private final Thread sender;
    private final Thread receiver;
    private long digest = FNV_START;
    private long firstCount = -1;
    private long lastUptimeMillis;
    /** Host time before which the guest cannot have read its clock for the last answer. */
    private long lastReadNanos;

    private long firstUptimeMillis;
    private long firstReadNanos;
    private long lastAnswerNanos;
    private Gap longest = new Gap(0, 0);
    private volatile boolean stopping;
    private volatile boolean broken;

    /**
     * A time without an answer although requests were under way.
     *
     * @param endNanos {@link System#nanoTime} of the answer that ended it
     */
    public record Gap(long nanos, long endNanos) {}

    /**
     * Connects and begins to send.
     *
     * @param periodMicros time between two requests
     */
    public ServiceClient(InetSocketAddress service, int timeoutMillis, long periodMicros) throws IOException {
        socket = new Socket();
        socket.connect(service, timeoutMillis);
        socket.setTcpNoDelay(true);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        out = socket.getOutputStream();
        periodNanos = periodMicros * 1000;
        lastAnswerNanos = System.nanoTime();
        sender = Thread.ofPlatform().daemon().name("client send").start(this::send);
        receiver = Thread.ofPlatform().daemon().name("client receive").start(this::receive);
    }

    public long sent() {
        return sent.get();
    }

    public long answered() {
        return answered.get();
    }

    /** What was wrong, the first few; empty if nothing was. */
    public synchronized List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** The longest gap since the last {@link #forgetGap}. */
    public synchronized Gap longestGap() {
        long now = System.nanoTime();
        boolean waiting = answered.get() < sent.get();
        return waiting && now - lastAnswerNanos > longest.nanos() ? new Gap(now - lastAnswerNanos, now) : longest;
    }

    synchronized void forgetGap() {
        longest = new Gap(0, 0);
    }

    /** The guest's uptime as the last answer told it. */
    synchronized long uptimeMillis() {
        return lastUptimeMillis;
    }

    /** Stops sending and waits until everything sent is answered, at most so long; true if it is. */
    public boolean finish(long timeoutMillis) throws InterruptedException {
        stopping = true;
        sender.join(timeoutMillis);
        long deadline = System.nanoTime() + timeoutMillis * 1_000_000;
        while (answered.get() < sent.get() && !broken && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
        return answered.get() == sent.get();
    }

    @Override
    public void close() throws IOException {
        stopping = true;
        socket.close();
        try {
            receiver.join(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send() {
        long next = System.nanoTime();
        try {
            while (!stopping && !broken) {
                long now = System.nanoTime();
                if (now < next || sent.get() - answered.get() >= MAX_UNANSWERED) {
                    LockSupport.parkNanos(Math.max(100_000, next - now));
                    continue;
                }
                long number = sent.get() + 1;
                byte[] line = request(number).getBytes(StandardCharsets.US_ASCII);
                sentNanos.set(place(number), now);
                sent.incrementAndGet();
                out.write(line);
                // After a gap the missed requests are not made up for: the rate stays what it was.
                next = Math.max(next + periodNanos, now);
            }
        } catch (IOException e) {
            fail("sending request " + sent.get() + ": " + e.getMessage());
        }
    }

    private static int place(long number) {
        return (int) (number % (2 * MAX_UNANSWERED));
    }

    private static String payload(long number) {
        return "request " + number + " of the demo";
    }

    private static String request(long number) {
        String payload = payload(number);
        CRC32 crc = new CRC32();
        crc.update(payload.getBytes(StandardCharsets.US_ASCII));
        return "%d %08x %s\n".formatted(number, crc.getValue(), payload);
    }

    private void receive() {
        try {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                answer(line);
            }
            if (!stopping) {
                fail("the guest closed the connection after answer " + answered.get());
            }
        } catch (IOException e) {
            if (!stopping) {
                fail("connection lost after answer " + answered.get() + ": " + e.getMessage());
            }
        }
        broken = true;
    }

    /** {@code SEQ OK COUNT UPTIME_MS DIGEST}. */
    private synchronized void answer(String line) {
        long now = System.nanoTime();
        long number = answered.get() + 1;
        digest = fnv(digest, payload(number) + "\n");
        String[] words = line.split(" ", -1);
        if (words.length != 5 || !words[1].equals("OK")) {
            complain("answer %d: expected=OK, actual=%s".formatted(number, line));
        } else {
            check(number, words, now);
        }
        long gap = now - lastAnswerNanos;
        if (gap > longest.nanos()) {
            longest = new Gap(gap, now);
        }
        lastAnswerNanos = now;
        answered.incrementAndGet();
    }

    private void check(long number, String[] words, long nowNanos) {
        try {
            long count = Long.parseLong(words[2]);
            long uptime = Long.parseLong(words[3]);
            if (firstCount < 0) {
                firstCount = count;
            }
            expect("number", number, Long.parseLong(words[0]), number);
            expect("count", firstCount + number - 1, count, number);
            expect("digest", digest, Long.parseUnsignedLong(words[4], 16), number);
            checkUptime(number, uptime, nowNanos);
        } catch (NumberFormatException e) {
            complain("answer %d: not a number: %s".formatted(number, String.join(" ", words)));
        }
    }

    /** The guest's clock neither goes back nor runs ahead of the host's, from one answer to the next and over all of them. */
    private void checkUptime(long number, long uptime, long nowNanos) {
        long readNanos = sentNanos.get(place(number));
        if (number == 1) {
            firstUptimeMillis = uptime;
            firstReadNanos = readNanos;
        } else if (uptime < lastUptimeMillis) {
            complain("answer %d: uptime went back from %d to %d ms".formatted(number, lastUptimeMillis, uptime));
        } else {
            expectNoJump(number, uptime - lastUptimeMillis, nowNanos - lastReadNanos);
            expectNoJump(number, uptime - firstUptimeMillis, nowNanos - firstReadNanos);
        }
        lastUptimeMillis = uptime;
        lastReadNanos = readNanos;
    }

    private void expectNoJump(long number, long guestMillis, long hostNanos) {
        long mostMillis = hostNanos / 1_000_000 + CATCH_UP_MILLIS;
        if (guestMillis > mostMillis) {
            complain("answer %d: uptime jumped forward: expected<=%d ms more, actual=%d ms"
                    .formatted(number, mostMillis, guestMillis));
        }
    }

    private void expect(String what, long expected, long actual, long number) {
        if (expected != actual) {
            complain("answer %d: %s: expected=%d, actual=%d".formatted(number, what, expected, actual));
        }
    }

    private void fail(String what) {
        complain(what);
        broken = true;
    }

    private synchronized void complain(String what) {
        if (complaints.size() < MAX_COMPLAINTS) {
            complaints.add(what);
        }
    }

    private static long fnv(long start, String text) {
        long hash = start;
        for (byte b : text.getBytes(StandardCharsets.US_ASCII)) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        return hash;
    }
}
