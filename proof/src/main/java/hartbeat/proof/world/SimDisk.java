package hartbeat.proof.world;

import hartbeat.devices.host.disk.BlockStore;
import hartbeat.devices.host.disk.DiskEngine;
import hartbeat.devices.host.disk.FencedException;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.InputSink;
import hartbeat.emulator.io.Output;
import hartbeat.proof.fault.Seeded;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A disk's back-end on simulated time: the product's engine, one request after the other, each of which takes a while. */
final class SimDisk {
    private final DiskEngine engine;
    private final Seeded random;
    private final InputSink sink;
    private final Deque<Output.DiskRequest> waiting = new ArrayDeque<>();
    private Input.@Nullable DiskCompletion completed;
    private long serviceNanos;
    private long begun;
    private long dueNanos = Pipe.NEVER;
    private long fencedBy;

    SimDisk(BlockStore store, Seeded random, long serviceNanos, InputSink sink) {
        this.engine = new DiskEngine(store);
        this.random = random;
        this.serviceNanos = serviceNanos;
        this.sink = sink;
    }

    /** How long a request takes from now on, on average; a disk that is slow enough hangs. */
    void service(long nanos, long nowNanos) {
        serviceNanos = nanos;
        if (!waiting.isEmpty()) {
            dueNanos = nowNanos + draw();
        }
    }

    long fencedBy() {
        return fencedBy;
    }

    boolean idle() {
        return waiting.isEmpty() && completed == null;
    }

    /** Takes a request, unless it was begun before. */
    void begin(Output.DiskRequest request, long nowNanos) {
        if (request.request() <= begun) {
            return;
        }
        begun = request.request();
        waiting.add(request);
        if (waiting.size() == 1) {
            dueNanos = nowNanos + draw();
        }
    }

    long nextNanos() {
        return completed != null ? 0 : dueNanos;
    }

    /** Does what is due. */
    void run(long nowNanos) {
        push();
        while (completed == null && dueNanos <= nowNanos && fencedBy == 0) {
            perform();
            dueNanos = waiting.isEmpty() ? Pipe.NEVER : dueNanos + draw();
            push();
        }
    }

    /** The process is gone: a request that the kernel has already is done or not, the others never are. */
    void die() {
        if (!waiting.isEmpty() && random.chance(50)) {
            perform();
        }
        waiting.clear();
        completed = null;
        dueNanos = Pipe.NEVER;
    }

    private void perform() {
        try {
            completed = engine.execute(waiting.remove());
        } catch (FencedException e) {
            fencedBy = e.byGeneration();
            waiting.clear();
            dueNanos = Pipe.NEVER;
        }
    }

    private void push() {
        if (completed != null && sink.offer(completed)) {
            completed = null;
        }
    }

    private long draw() {
        return serviceNanos / 2 + random.below(serviceNanos + 1);
    }
}
