package hartbeat.devices.host.disk;

import java.io.IOException;

/** A shared disk as one generation sees it: every change is made under the {@link Fence}. Reads are free. */
public final class FencedBlockStore implements BlockStore {
    private final BlockStore store;
    private final Fence fence;
    private final long generation;

    /** @param generation the one on whose behalf writes are made; claim it first */
    public FencedBlockStore(BlockStore store, Fence fence, long generation) {
        this.store = store;
        this.fence = fence;
        this.generation = generation;
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
        store.read(offsetBytes, data);
    }

    @Override
    public void write(long offsetBytes, byte[] data) throws IOException {
        fence.perform(generation, () -> store.write(offsetBytes, data));
    }

    @Override
    public void zero(long offsetBytes, long lengthBytes) throws IOException {
        fence.perform(generation, () -> store.zero(offsetBytes, lengthBytes));
    }

    @Override
    public void flush() throws IOException {
        store.flush();
    }

    @Override
    public void close() throws IOException {
        store.close();
    }

    @Override
    public String toString() {
        return store.toString();
    }
}
