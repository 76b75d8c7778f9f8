package hartbeat.devices.host.disk;

import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.InputSink;
import hartbeat.emulator.io.Output;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Executes the requests of one disk in their order on a thread of its own and posts the completions, in the same order, into a
 * sink. It holds a completion that the sink has no room for, and the requests behind it wait.
 */
public final class DiskBackend implements AutoCloseable {
    /** Requests that may wait; more than any virtqueue of ours can hold. */
    public static final int CAPACITY = 1024;

    private static final long RETRY_NANOS = 500_000;

    private final BlockStore store;
    private final DiskEngine engine;
    private final InputSink sink;
    private final Thread thread;
    private final Queue<Output.DiskRequest> requests = new ArrayDeque<>();
    private boolean closed;
    private boolean durable;
    private int unfinished;
    private @Nullable FencedException fenced;

    /** Starts the thread; {@code name} is for messages. The store belongs to this back-end from now on. */
    public DiskBackend(String name, BlockStore store, InputSink sink) {
        this.store = store;
        this.engine = new DiskEngine(store);
        this.sink = sink;
        thread = Thread.ofPlatform().name("disk-" + name).daemon().start(this::work);
    }

    /** Size of the disk in sectors of 512 bytes. */
    public long sectors() {
        return engine.sectors();
    }

    /** Takes a request; false if {@link #CAPACITY} wait already (the caller keeps it) or the back-end is closed. */
    public synchronized boolean offer(Output.DiskRequest request) {
        if (closed || requests.size() >= CAPACITY) {
            return false;
        }
        requests.add(request);
        unfinished++;
        notifyAll();
        return true;
    }

    /** True if every request that was taken has been completed into the sink. */
    public synchronized boolean idle() {
        return unfinished == 0;
    }

    /** True if this back-end has ended after all that it took was done, and what was written is durable. */
    public synchronized boolean endedClean() {
        return durable && unfinished == 0;
    }

    /** The generation that fenced this side off its shared disk. The back-end does nothing more then. */
    public synchronized OptionalLong fencedBy() {
        return fenced == null ? OptionalLong.empty() : OptionalLong.of(fenced.byGeneration());
    }

    /**
     * Finishes the request under way, drops those that wait, and makes what was written durable. Call when {@link #idle} for a clean
     * end; a halting side just closes.
     */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        try {
            for (Output.DiskRequest request = next(); request != null; request = next()) {
                if (!post(engine.execute(request))) {
                    break;
                }
            }
            engine.flush();
            synchronized (this) {
                durable = true;
            }
        } catch (FencedException e) {
            System.getLogger(DiskBackend.class.getName()).log(System.Logger.Level.ERROR, e.getMessage());
            synchronized (this) {
                fenced = e;
                closed = true;
            }
        } catch (IOException e) {
            System.getLogger(DiskBackend.class.getName())
                    .log(System.Logger.Level.ERROR, "disk {0}: last flush failed: {1}", store, e.getMessage());
        } finally {
            closeStore();
        }
    }

    private synchronized Output.@Nullable DiskRequest next() {
        while (!closed && requests.isEmpty()) {
            try {
                wait();
            } catch (InterruptedException e) {
                closed = true;
            }
        }
        return closed ? null : requests.remove();
    }

    /** Hands a completion over, however long the sink is full; false if the back-end was closed meanwhile. */
    private boolean post(Input.DiskCompletion completion) {
        while (!sink.offer(completion)) {
            LockSupport.parkNanos(RETRY_NANOS);
            synchronized (this) {
                if (closed) {
                    return false;
                }
            }
        }
        synchronized (this) {
            unfinished--;
        }
        return true;
    }

    private void closeStore() {
        try {
            store.close();
        } catch (IOException e) {
            System.getLogger(DiskBackend.class.getName())
                    .log(System.Logger.Level.ERROR, "disk {0}: {1}", store, e.getMessage());
        }
    }
}
