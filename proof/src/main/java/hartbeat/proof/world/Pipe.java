package hartbeat.proof.world;

import hartbeat.proof.fault.Seeded;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a TCP connection: what is put in comes out in order, later; the buffers are bounded. While the way is blocked nothing
 * comes out, and after it has healed everything does, as TCP sends it again.
 */
final class Pipe<T> {
    static final long NEVER = Long.MAX_VALUE;

    private final Deque<Flying<T>> flying = new ArrayDeque<>();
    private final Seeded random;
    private long capacityBytes;
    private long latencyNanos;
    private long jitterNanos;
    private long bytes;
    private long lastNanos;
    private boolean blocked;

    private record Flying<T>(T item, int bytes, long arrivesNanos) {}

    Pipe(Seeded random, long latencyNanos, long jitterNanos, long capacityBytes) {
        this.random = random;
        this.latencyNanos = latencyNanos;
        this.jitterNanos = jitterNanos;
        this.capacityBytes = capacityBytes;
    }

    void latency(long nanos, long jitter) {
        latencyNanos = nanos;
        jitterNanos = jitter;
    }

    void capacity(long newBytes) {
        capacityBytes = newBytes;
    }

    boolean hasRoom(int more) {
        return bytes == 0 || bytes + more <= capacityBytes;
    }

    void put(T item, int size, long nowNanos) {
        bytes += size;
        flying.add(new Flying<>(item, size, blocked ? NEVER : arrival(nowNanos)));
    }

    /** What has arrived first and was not taken, or null. */
    @Nullable
    T peek(long nowNanos) {
        Flying<T> head = flying.peek();
        return head == null || head.arrivesNanos > nowNanos ? null : head.item;
    }

    @Nullable
    T poll(long nowNanos) {
        T item = peek(nowNanos);
        if (item != null) {
            bytes -= flying.remove().bytes;
        }
        return item;
    }

    /** When the first item arrives or has arrived, {@link #NEVER} if none will. */
    long nextNanos() {
        Flying<T> head = flying.peek();
        return head == null ? NEVER : head.arrivesNanos;
    }

    void block(long nowNanos) {
        blocked = true;
        retime(nowNanos, false);
    }

    void heal(long nowNanos) {
        if (blocked) {
            blocked = false;
            retime(nowNanos, true);
        }
    }

    /** What is on its way is lost. */
    void clear() {
        flying.clear();
        bytes = 0;
    }

    private void retime(long nowNanos, boolean arrive) {
        Deque<Flying<T>> before = new ArrayDeque<>(flying);
        flying.clear();
        lastNanos = 0;
        for (Flying<T> item : before) {
            boolean arrived = item.arrivesNanos <= nowNanos;
            long arrives = arrived ? item.arrivesNanos : arrive ? arrival(nowNanos) : NEVER;
            flying.add(new Flying<>(item.item, item.bytes, arrives));
        }
    }

    private long arrival(long nowNanos) {
        lastNanos = Math.max(lastNanos, nowNanos + latencyNanos + random.below(jitterNanos + 1));
        return lastNanos;
    }
}
