package hartbeat.proof.world;

import hartbeat.devices.host.disk.BlockStore;
import hartbeat.devices.host.disk.FencedBlockStore;
import hartbeat.devices.host.entropy.EntropyBackend;
import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.ft.run.HostPort;
import hartbeat.ft.run.host.InputQueue;
import hartbeat.proof.fault.Crossing;
import hartbeat.proof.fault.Ending;
import hartbeat.proof.fault.Seeded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The host side of a process: the product's queue, disk engine, entropy back-end and link, on simulated time. */
public final class SimHost implements HostPort {
    private static final int QUEUE_CAPACITY = 256;

    private final LongSupplier now;
    private final Wiring wiring;
    private final InputQueue queue;
    private final EntropyBackend entropy;
    private final List<Sent> sent = new ArrayList<>();
    private final SimDisk disk;
    private final SimLink link;
    private final int diskDevice;
    private @Nullable FencedBlockStore fenced;
    private final Map<Long, Long> madeNanos = new TreeMap<>();
    private long longestHoldNanos;
    private boolean roomAgain;

    /** An output that left this process under a generation. */
    public record Sent(long generation, Emission emission) {}

    /** What happens to a process at the edges of its host. */
    interface Wiring {
        void crossing(Crossing crossing);

        /** The role has something to do. */
        void wake();

        /** The role is about to say that it is live. */
        void live(long generation);
    }

    /** Makes the link of a process. */
    @FunctionalInterface
    interface Linking {
        SimLink to(hartbeat.emulator.io.InputSink sink, Runnable wake);
    }

    SimHost(
            LongSupplier now,
            Wiring wiring,
            int devices,
            int diskDevice,
            BlockStore store,
            long serviceNanos,
            Seeded random,
            Linking linking) {
        this.now = now;
        this.wiring = wiring;
        this.diskDevice = diskDevice;
        queue = new InputQueue(devices, QUEUE_CAPACITY, wiring::wake, () -> roomAgain = true);
        entropy = new EntropyBackend(random::fill, queue);
        disk = new SimDisk(store, random, serviceNanos, queue);
        fenced = store instanceof FencedBlockStore shared ? shared : null;
        link = linking.to(queue, wiring::wake);
    }

    /** Everything that this process has let out, in order. */
    public List<Sent> sent() {
        return sent;
    }

    long longestHoldNanos() {
        return longestHoldNanos;
    }

    SimDisk disk() {
        return disk;
    }

    SimLink link() {
        return link;
    }

    void die(Ending ending, long nowNanos) {
        disk.die();
        link.die(ending, nowNanos);
    }

    @Override
    public @Nullable Input poll(Predicate<Input> admissible) {
        entropy.poll();
        Input input = queue.poll(admissible);
        if (roomAgain) {
            roomAgain = false;
            link.endpoint().retry();
        }
        return input;
    }

    @Override
    public boolean canSend() {
        return link.endpoint().canSend();
    }

    @Override
    public void send(long generation, Emission emission) {
        wiring.crossing(Crossing.RELEASE);
        sent.add(new Sent(generation, emission));
        Long made = madeNanos.remove(emission.number());
        longestHoldNanos = made == null ? longestHoldNanos : Math.max(longestHoldNanos, now.getAsLong() - made);
        if (emission.output() instanceof Output.FromDevice) {
            link.endpoint().send(generation, emission);
        }
        wiring.crossing(Crossing.RELEASED);
    }

    @Override
    public void flush() {
        link.endpoint().flush();
    }

    @Override
    public long delivered() {
        return link.endpoint().drained() ? Long.MAX_VALUE : link.endpoint().taken();
    }

    @Override
    public void request(long generation, Output.FromDevice request) {
        wiring.crossing(Crossing.RELEASE);
        switch (request) {
            case Output.DiskRequest wanted -> {
                if (wanted.device() == diskDevice) {
                    disk.begin(wanted, now.getAsLong());
                }
            }
            case Output.EntropyRequest wanted -> entropy.offer(wanted);
            case Output.ConsoleOutput _, Output.FrameSent _ ->
                throw new IllegalArgumentException("not a request to the host: " + request);
        }
        wiring.crossing(Crossing.RELEASED);
    }

    @Override
    public void logged(int device, long ticket) {
        wiring.crossing(Crossing.LOGGED);
        link.endpoint().logged(device, ticket);
    }

    @Override
    public void live(long generation, long[] resumeAfterTicket) {
        wiring.crossing(Crossing.LIVE);
        wiring.live(generation);
        FencedBlockStore shared = fenced;
        if (shared != null) {
            shared.live(generation);
        }
        link.endpoint().live(generation, resumeAfterTicket);
    }

    @Override
    public long fencedBy() {
        return Math.max(link.endpoint().fencedBy(), disk.fencedBy());
    }

    /** Shows the link what a backup withholds, as the composition root does. */
    void observe(Emission emission) {
        madeNanos.put(emission.number(), now.getAsLong());
        link.endpoint().observe(emission);
    }
}
