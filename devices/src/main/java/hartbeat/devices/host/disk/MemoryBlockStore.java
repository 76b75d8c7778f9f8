package hartbeat.devices.host.disk;

import java.io.IOException;
import java.util.Arrays;

/**
 * A disk in memory for simulation and tests, with a volatile write cache: {@link #crash} loses what was not flushed, as the worst
 * storage may.
 */
public final class MemoryBlockStore implements BlockStore {
    private final byte[] cached;
    private final byte[] stable;
    private int failures;

    /** @param sizeBytes a multiple of 512 */
    public MemoryBlockStore(int sizeBytes) {
        this(new byte[sizeBytes]);
    }

    /** A disk that holds a copy of {@code content}, all of it flushed. */
    public MemoryBlockStore(byte[] content) {
        if (content.length % SECTOR_BYTES != 0) {
            throw new IllegalArgumentException("size: expected=multiple of 512, actual=" + content.length);
        }
        cached = content.clone();
        stable = content.clone();
    }

    /** Lets the next {@code count} operations fail as a broken disk does. */
    public void failNext(int count) {
        failures = count;
    }

    /** The host's power fails: only flushed data survives. */
    public void crash() {
        System.arraycopy(stable, 0, cached, 0, stable.length);
    }

    /** What a read of the whole disk returns now. */
    public byte[] content() {
        return cached.clone();
    }

    @Override
    public long sizeBytes() {
        return cached.length;
    }

    @Override
    public boolean readOnly() {
        return false;
    }

    @Override
    public void read(long offsetBytes, byte[] data) throws IOException {
        fault();
        System.arraycopy(cached, (int) offsetBytes, data, 0, data.length);
    }

    @Override
    public void write(long offsetBytes, byte[] data) throws IOException {
        fault();
        System.arraycopy(data, 0, cached, (int) offsetBytes, data.length);
    }

    @Override
    public void zero(long offsetBytes, long lengthBytes) throws IOException {
        fault();
        Arrays.fill(cached, (int) offsetBytes, (int) (offsetBytes + lengthBytes), (byte) 0);
    }

    @Override
    public void flush() throws IOException {
        fault();
        System.arraycopy(cached, 0, stable, 0, cached.length);
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return "memory of " + cached.length + " bytes";
    }

    private void fault() throws IOException {
        if (failures > 0) {
            failures--;
            throw new IOException("injected fault");
        }
    }
}
