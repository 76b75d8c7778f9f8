package hartbeat.tools.netns;

import hartbeat.devices.host.HostException;
import hartbeat.tools.lan.TapDevice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An Ethernet between rooms, made of taps and this process: a learning switch whose every ordered pair of ports has a passage of its
 * own. What is lost or late here is lost or late for the kernels' own TCP and UDP, as it is with {@code tc netem}, which not every
 * kernel has.
 */
public final class Ether implements AutoCloseable {
    /** Of the interface in each room. */
    public static final String INTERFACE = "eth0";

    private static final int MAC_BYTES = 6;
    /** More than this is lost, as in any queue. */
    private static final int MOST_LATE = 8192;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<TapDevice> ports = new ArrayList<>();
    private final Map<Long, Integer> portOfMac = new TreeMap<>();
    private final Map<Long, Passage> passages = new TreeMap<>();
    private final PriorityQueue<Late> late =
            new PriorityQueue<>(Comparator.comparingLong(Late::dueNanos).thenComparingLong(Late::number));
    private final Random random;
    private long numbers;
    private boolean closed;

    private record Late(long dueNanos, long number, int to, byte[] frame) {}

    /** @param seed of which frames are lost */
    public Ether(long seed) {
        random = new Random(seed);
        Thread.ofPlatform().daemon().name("ether").start(this::deliver);
    }

    /**
     * Gives a room its interface.
     *
     * @param address {@code a.b.c.d/n}
     * @return the port's number
     */
    public int join(Room room, String address) throws HostException, IOException {
        lock.lock();
        try {
            int port = ports.size();
            ports.add(room.inside(() -> TapDevice.open(INTERFACE, address, frame -> carry(port, frame))));
            return port;
        } finally {
            lock.unlock();
        }
    }

    /** Sets what befalls frames from one port to another, from now on. */
    public void set(int from, int to, Passage passage) {
        lock.lock();
        try {
            passages.put(pair(from, to), passage);
        } finally {
            lock.unlock();
        }
    }

    /** All cables are as new; what is late stays late. */
    public void clear() {
        lock.lock();
        try {
            passages.clear();
        } finally {
            lock.unlock();
        }
    }

    private static long pair(int from, int to) {
        return (long) from << 32 | to;
    }

    private void carry(int from, byte[] frame) {
        if (frame.length < 2 * MAC_BYTES) {
            return;
        }
        List<TapDevice> now = new ArrayList<>();
        lock.lock();
        try {
            portOfMac.put(mac(frame, MAC_BYTES), from);
            boolean group = (frame[0] & 1) != 0;
            Integer known = group ? null : portOfMac.get(mac(frame, 0));
            for (int to = 0; to < ports.size(); to++) {
                if (to != from && (known == null || known == to) && passes(from, to, frame)) {
                    now.add(ports.get(to));
                }
            }
        } finally {
            lock.unlock();
        }
        now.forEach(port -> port.write(frame));
    }

    /** Whether a frame arrives at once. */
    private boolean passes(int from, int to, byte[] frame) {
        Passage passage = passages.getOrDefault(pair(from, to), Passage.CLEAR);
        if (passage.loss() > 0 && random.nextDouble() < passage.loss()) {
            return false;
        }
        if (passage.delayNanos() == 0) {
            return true;
        }
        if (late.size() < MOST_LATE) {
            late.add(new Late(System.nanoTime() + passage.delayNanos(), numbers++, to, frame));
            changed.signal();
        }
        return false;
    }

    private void deliver() {
        while (true) {
            Late due;
            lock.lock();
            try {
                due = nextDue();
                if (due == null) {
                    return;
                }
            } catch (InterruptedException e) {
                return;
            } finally {
                lock.unlock();
            }
            ports.get(due.to()).write(due.frame());
        }
    }

    private @Nullable Late nextDue() throws InterruptedException {
        while (!closed) {
            Late next = late.peek();
            long wait = next == null ? TimeUnit.SECONDS.toNanos(1) : next.dueNanos() - System.nanoTime();
            if (next != null && wait <= 0) {
                return late.poll();
            }
            long unused = changed.awaitNanos(wait);
        }
        return null;
    }

    private static long mac(byte[] frame, int at) {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES);
        bytes.put(2, frame, at, MAC_BYTES);
        return bytes.getLong(0);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        ports.forEach(TapDevice::close);
    }
}
