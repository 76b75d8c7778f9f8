package hartbeat.ft.sim;

import hartbeat.emulator.io.DiskOperation;
import hartbeat.emulator.io.DiskStatus;
import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.ft.run.HostPort;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One side's host: a disk with a delay, entropy from a seed, a link to the LAN. */
public final class SimHost implements HostPort {
    private static final int SECTOR = 512;

    private final String name;
    private final SimLan lan;
    private final byte[] disk;
    private final Random random;
    private final Deque<Input> queue = new ArrayDeque<>();
    private final Deque<Due> working = new ArrayDeque<>();
    private final Deque<Output.FromDevice> requests = new ArrayDeque<>();
    private long nowNanos;
    private long diskNanos = 300_000;
    private long lastDiskRequest;
    private long linkGeneration = -1;
    private long fencedBy;
    private boolean up = true;
    private boolean sendable = true;
    private boolean failing;
    private boolean full;

    private final Deque<Sent> unflushed = new ArrayDeque<>();

    private record Due(long atNanos, Input input) {}

    private record Sent(long generation, Emission emission) {}

    /** @param disk the disk's bytes, its own or shared with the other side */
    public SimHost(String name, SimLan lan, byte[] disk, long seed) {
        this.name = name;
        this.lan = lan;
        this.disk = disk;
        this.random = new Random(seed);
    }

    public String name() {
        return name;
    }

    public void now(long nanos) {
        nowNanos = nanos;
    }

    public void diskNanos(long nanos) {
        diskNanos = nanos;
    }

    public void sendable(boolean value) {
        sendable = value;
    }

    /** From now on the disk answers errors. */
    public void failing() {
        failing = true;
    }

    /** From now on nothing can be written; what is read is what was there before. */
    public void full() {
        full = true;
    }

    /** The process is gone. */
    public void down() {
        up = false;
    }

    boolean isUp() {
        return up;
    }

    long linkGeneration() {
        return linkGeneration;
    }

    public void offer(Input input) {
        queue.add(input);
    }

    void refusedBy(long generation) {
        fencedBy = generation;
    }

    public byte[] disk() {
        return disk;
    }

    /** All requests begun, in order. */
    public Deque<Output.FromDevice> requests() {
        return requests;
    }

    public long nextNanos() {
        return working.isEmpty() ? Long.MAX_VALUE : working.getFirst().atNanos();
    }

    @Override
    public @Nullable Input poll(Predicate<Input> admissible) {
        while (!working.isEmpty() && working.getFirst().atNanos() <= nowNanos) {
            queue.add(working.removeFirst().input());
        }
        for (Iterator<Input> it = queue.iterator(); it.hasNext(); ) {
            Input input = it.next();
            if (admissible.test(input)) {
                it.remove();
                return input;
            }
        }
        return null;
    }

    @Override
    public boolean canSend() {
        return sendable;
    }

    /** Nothing leaves before the flush, and what was not flushed ends with the process. */
    @Override
    public void send(long generation, Emission emission) {
        unflushed.add(new Sent(generation, emission));
    }

    @Override
    public void flush() {
        for (Sent sent = unflushed.poll(); sent != null; sent = unflushed.poll()) {
            lan.receive(this, sent.generation(), sent.emission());
        }
    }

    @Override
    public long delivered() {
        return unflushed.isEmpty()
                ? Long.MAX_VALUE
                : unflushed.element().emission().number() - 1;
    }

    @Override
    public void request(long generation, Output.FromDevice request) {
        requests.add(request);
        switch (request) {
            case Output.DiskRequest diskRequest -> execute(diskRequest);
            case Output.EntropyRequest entropy -> {
                byte[] bytes = new byte[entropy.length()];
                random.nextBytes(bytes);
                working.add(new Due(nowNanos + 10_000, new Input.Entropy(entropy.device(), entropy.request(), bytes)));
            }
            default -> throw new AssertionError("not a request: " + request);
        }
    }

    private void execute(Output.DiskRequest request) {
        if (request.request() <= lastDiskRequest) {
            return;
        }
        lastDiskRequest = request.request();
        byte[] data = new byte[0];
        int at = (int) request.sector() * SECTOR;
        boolean fails = failing || (full && request.operation() == DiskOperation.WRITE);
        if (fails) {
            // Nothing is done.
        } else if (request.operation() == DiskOperation.WRITE) {
            System.arraycopy(request.data(), 0, disk, at, request.data().length);
        } else if (request.operation() == DiskOperation.READ) {
            data = Arrays.copyOfRange(disk, at, at + request.sectors() * SECTOR);
        }
        DiskStatus status = fails ? DiskStatus.IO_ERROR : DiskStatus.OK;
        working.add(new Due(
                nowNanos + diskNanos, new Input.DiskCompletion(request.device(), request.request(), status, data)));
    }

    @Override
    public void logged(int device, long ticket) {
        lan.logged(ticket);
    }

    @Override
    public void live(long generation, long[] resumeAfterTicket) {
        linkGeneration = generation;
        lan.live(this, generation, resumeAfterTicket.length > ToyGuest.NET ? resumeAfterTicket[ToyGuest.NET] : 0);
    }

    @Override
    public long fencedBy() {
        return fencedBy;
    }
}
