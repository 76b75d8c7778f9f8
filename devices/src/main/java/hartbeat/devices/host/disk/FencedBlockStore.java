package hartbeat.devices.host.disk;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/**
 * A shared disk as one side of a pair sees it: every change is made under the {@link Fence}, on behalf of the generation in which this
 * side is live. Used by its back-end's thread, other than {@link #live}.
 */
public final class FencedBlockStore implements BlockStore {
    private static final long RETRY_NANOS = 1_000_000;
    private static final long PATIENCE_NANOS = 1_000_000_000;

    private final BlockStore store;
    private final Fence fence;
    private volatile long generation;
    private long claimed;

    /** The disk can be used once {@link #live} was called. */
    public FencedBlockStore(BlockStore store, Fence fence) {
        this.store = store;
        this.fence = fence;
    }

    /**
     * This side is live in {@code newGeneration}. It returns at once; the disk is claimed before the next request is done, which waits
     * until a write of the former side that is under way has ended.
     */
    public void live(long newGeneration) {
        generation = newGeneration;
    }

    @Override
    public long sizeBytes() {
        return store.sizeBytes();
    }

    @Override
    public boolean readOnly() {
        return store.readOnly();
    }

    @Override
    public void read(long offsetBytes, byte[] data) throws IOException {
        claim();
        store.read(offsetBytes, data);
    }

    @Override
    public void write(long offsetBytes, byte[] data) throws IOException {
        fence.perform(claim(), () -> store.write(offsetBytes, data));
    }

    @Override
    public void zero(long offsetBytes, long lengthBytes) throws IOException {
        fence.perform(claim(), () -> store.zero(offsetBytes, lengthBytes));
    }

    @Override
    public void flush() throws IOException {
        store.flush();
    }

    @Override
    public void close() throws IOException {
        store.close();
    }

    /** The generation on whose behalf to work, which owns the disk now or did. */
    private long claim() throws IOException {
        long wanted = generation;
        if (wanted == 0) {
            throw new IOException("this side is not live");
        }
        if (wanted == claimed) {
            return wanted;
        }
        long beganNanos = System.nanoTime();
        boolean said = false;
        while (!fence.tryClaim(wanted)) {
            if (!said && System.nanoTime() - beganNanos > PATIENCE_NANOS) {
                said = true;
                System.getLogger(FencedBlockStore.class.getName())
                        .log(
                                System.Logger.Level.WARNING,
                                "shared disk {0}: the former side is in the middle of a write; waiting, hint: if it is frozen, kill it",
                                store);
            }
            if (Thread.interrupted()) {
                throw new IOException("interrupted while waiting for the shared disk");
            }
            LockSupport.parkNanos(RETRY_NANOS);
        }
        claimed = wanted;
        return wanted;
    }

    @Override
    public String toString() {
        return store.toString();
    }
}
