package hartbeat.tools.compose;

import hartbeat.devices.host.disk.DiskBackend;
import hartbeat.devices.host.entropy.EntropyBackend;
import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.InputSink;
import hartbeat.emulator.io.Output;
import hartbeat.ft.run.HostPort;
import hartbeat.ft.run.host.InputQueue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The host side of one machine: its disks, its source of entropy and its ports to the outside, by device index. */
public final class MachineHost implements HostPort, AutoCloseable {
    /** Inputs of one device that may wait for the role. */
    private static final int QUEUE_CAPACITY = 256;

    private static final long SETTLE_POLL_NANOS = 1_000_000;

    private final InputQueue queue;
    /** By device index. */
    private final Map<Integer, OutsidePort> outside = new TreeMap<>();

    /** Each port once, however many devices are connected to it. */
    private final List<OutsidePort> ports = new ArrayList<>();

    private final Map<Integer, Disk> disks = new TreeMap<>();
    private final Map<Integer, EntropyBackend> entropy = new TreeMap<>();
    private final LongConsumer onLive;
    private LongConsumer onClaim = _ -> {};
    private volatile boolean roomAgain;
    private boolean unflushed;
    private volatile long sent;
    private volatile long lastSentNanos;
    private Runnable onReset = () -> {};

    /** A disk and the requests that its back-end had no room for. */
    private static final class Disk {
        final DiskBackend backend;
        final Queue<Output.DiskRequest> waiting = new ArrayDeque<>();
        long begun;

        Disk(DiskBackend backend) {
            this.backend = backend;
        }

        void begin(Output.DiskRequest request) {
            if (request.request() > begun) {
                begun = request.request();
                waiting.add(request);
                push();
            }
        }

        boolean idle() {
            return waiting.isEmpty() && backend.idle();
        }

        void push() {
            while (!waiting.isEmpty() && backend.offer(waiting.element())) {
                waiting.remove();
            }
        }
    }

    /**
     * @param wake makes the role poll soon, from any thread
     * @param onLive told the generation when the machine goes live, before anything is sent
     */
    public MachineHost(int devices, Runnable wake, LongConsumer onLive) {
        this.onLive = onLive;
        queue = new InputQueue(devices, QUEUE_CAPACITY, wake, () -> roomAgain = true);
    }

    /** Where back-ends post. */
    public InputSink sink() {
        return queue;
    }

    /** Connects devices to a port, which is closed with this host. */
    void outside(List<Integer> connected, OutsidePort port) {
        connected.forEach(device -> outside.put(device, port));
        ports.add(port);
    }

    /** What to do when the guest resets itself. */
    void onReset(Runnable action) {
        onReset = action;
    }

    /** Shows every port what this side's machine emits without being live. */
    public void observe(Emission emission) {
        ports.forEach(port -> port.observe(emission));
    }

    void disk(int device, DiskBackend backend) {
        disks.put(device, new Disk(backend));
    }

    void entropy(int device, EntropyBackend backend) {
        entropy.put(device, backend);
    }

    @Override
    public @Nullable Input poll(Predicate<Input> admissible) {
        disks.values().forEach(Disk::push);
        entropy.values().forEach(EntropyBackend::poll);
        Input input = queue.poll(admissible);
        if (roomAgain) {
            roomAgain = false;
            ports.forEach(OutsidePort::roomAgain);
        }
        return input;
    }

    @Override
    public boolean canSend() {
        for (OutsidePort port : ports) {
            if (!port.canSend()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void send(long generation, Emission emission) {
        switch (emission.output()) {
            case Output.FromDevice output -> {
                OutsidePort port = outside.get(output.device());
                if (port != null) {
                    lastSentNanos = System.nanoTime();
                    port.send(generation, emission);
                    sent++;
                    unflushed = true;
                }
            }
            case Output.Reset _ -> onReset.run();
            case Output.PowerOff _ -> {
                for (OutsidePort port : ports) {
                    port.send(generation, emission);
                }
                unflushed = true;
            }
        }
    }

    @Override
    public void flush() {
        if (unflushed) {
            unflushed = false;
            ports.forEach(OutsidePort::flush);
        }
    }

    /** A device of a hostile log may not exist here; nothing is done for it then. */
    @Override
    public void request(long generation, Output.FromDevice request) {
        switch (request) {
            case Output.DiskRequest disk -> {
                Disk found = disks.get(disk.device());
                if (found != null) {
                    found.begin(disk);
                }
            }
            case Output.EntropyRequest bytes -> {
                EntropyBackend found = entropy.get(bytes.device());
                if (found != null) {
                    found.offer(bytes);
                }
            }
            case Output.ConsoleOutput _, Output.FrameSent _ ->
                throw new IllegalArgumentException("not a request to the host: " + request);
        }
    }

    @Override
    public long delivered() {
        long lowest = Long.MAX_VALUE;
        for (OutsidePort port : ports) {
            lowest = Math.min(lowest, port.delivered());
        }
        return lowest;
    }

    /** Outputs that were sent from here. */
    public long sent() {
        return sent;
    }

    /** When the last of them was sent, {@link System#nanoTime}; 0 if none was. */
    public long lastSentNanos() {
        return lastSentNanos;
    }

    @Override
    public void logged(int device, long ticket) {
        OutsidePort port = outside.get(device);
        if (port != null) {
            port.logged(device, ticket);
        }
    }

    /** What to do before the live machine claims a generation. */
    void onClaim(LongConsumer action) {
        onClaim = action;
    }

    @Override
    public void claiming(long generation) {
        onClaim.accept(generation);
    }

    @Override
    public void live(long generation, long[] resumeAfterTicket) {
        onLive.accept(generation);
        ports.forEach(port -> port.live(generation, resumeAfterTicket));
    }

    @Override
    public long fencedBy() {
        long highest = 0;
        for (OutsidePort port : ports) {
            highest = Math.max(highest, port.fencedBy());
        }
        for (Disk disk : disks.values()) {
            highest = Math.max(highest, disk.backend.fencedBy().orElse(0));
        }
        return highest;
    }

    /**
     * Lets the disks finish what the machine has asked of them, and closes them: the clean end of a machine that runs no more. The caller
     * waits.
     *
     * @param patienceMillis how long at most
     * @return whether all was done and is durable; if not, the disks are as after a power cut
     */
    public boolean settle(long patienceMillis) {
        flush();
        long deadline = System.nanoTime() + patienceMillis * 1_000_000;
        while (!disks.values().stream().allMatch(Disk::idle) && System.nanoTime() - deadline < 0) {
            // Nobody takes the completions any more; those that lie here keep the others from being posted.
            Input dropped = queue.poll(_ -> true);
            disks.values().forEach(Disk::push);
            if (dropped == null) {
                LockSupport.parkNanos(SETTLE_POLL_NANOS);
            }
        }
        boolean idle = disks.values().stream().allMatch(Disk::idle);
        disks.values().forEach(disk -> disk.backend.close());
        return idle && disks.values().stream().allMatch(disk -> disk.backend.endedClean());
    }

    /** Lets out what was sent and ends the back-ends; what was written to the disks is durable then. */
    @Override
    public void close() {
        ports.forEach(OutsidePort::close);
        disks.values().forEach(disk -> disk.backend.close());
    }
}
