package hartbeat.devices.host.disk;

import java.io.IOException;

/** Where the sectors of one disk are: a raw image file, or memory in simulation. Used by one thread at a time. */
public interface BlockStore extends AutoCloseable {
    /** Bytes per sector (virtio 1.2, 5.2.4: always 512). */
    int SECTOR_BYTES = 512;

    /** Size in bytes; a multiple of {@link #SECTOR_BYTES} that never changes. */
    long sizeBytes();

    /** True if the disk cannot be written. */
    boolean readOnly();

    /** Fills {@code data} from {@code offsetBytes} on; the caller has checked the range. */
    void read(long offsetBytes, byte[] data) throws IOException;

    /** Writes all of {@code data}; it need not be on stable storage on return. */
    void write(long offsetBytes, byte[] data) throws IOException;

    /** Makes a range read as zeros, giving its space back to the host where that is possible. */
    void zero(long offsetBytes, long lengthBytes) throws IOException;

    /** Returns when everything that was written before is on stable storage. */
    void flush() throws IOException;

    @Override
    void close() throws IOException;
}
