package hartbeat.devices.host.disk;

import hartbeat.devices.host.HostException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A small file beside a shared image, {@code IMAGE.generation}: the owning generation (8 bytes, big endian) and its CRC32C (4
 * bytes). It is read under its lock before each write, so a side that was frozen and wakes finds out before it does harm. A side that is
 * frozen between check and write holds up the claim of the next generation until it is killed or woken: the only order in which no byte
 * can be lost.
 */
public final class FileFence implements Fence, AutoCloseable {
    private static final int BYTES = 12;
    private static final long RETRY_NANOS = 200_000;

    private final Path path;
    private final FileChannel channel;

    private FileFence(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Opens, and creates if it is missing, the fence of a shared image.
     *
     * @throws HostException if the file cannot be made or written
     */
    public static FileFence open(Path image) throws HostException {
        Path path = image.resolveSibling(image.getFileName() + ".generation");
        try {
            return new FileFence(
                    path,
                    FileChannel.open(
                            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw new HostException(
                    "generation file " + path + " cannot be written: " + e.getMessage(),
                    "both hosts need write access to the directory of a shared disk",
                    e);
        }
    }

    @Override
    public boolean tryClaim(long generation) throws IOException {
        FileLock lock = tryLock();
        if (lock == null) {
            return false;
        }
        try (lock) {
            check(generation);
            store(generation);
        }
        return true;
    }

    @Override
    public void perform(long generation, Change change) throws IOException {
        try (FileLock lock = lock()) {
            check(generation);
            change.perform();
        }
    }

    /** The generation that owns the disk, 0 if none ever did. */
    long owner() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BYTES);
        while (buffer.hasRemaining() && channel.read(buffer, buffer.position()) > 0) {
            // read on
        }
        if (buffer.position() == 0) {
            return 0;
        }
        if (buffer.hasRemaining() || buffer.getInt(8) != crc(buffer.getLong(0))) {
            throw new IOException("generation file " + path
                    + " is damaged; hint: make sure that no machine uses the disk, then remove the file");
        }
        return buffer.getLong(0);
    }

    private void check(long generation) throws IOException {
        long owner = owner();
        if (Long.compareUnsigned(owner, generation) > 0) {
            throw new FencedException(generation, owner);
        }
    }

    private void store(long generation) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BYTES)
                .putLong(generation)
                .putInt(crc(generation))
                .flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer, buffer.position());
        }
        channel.force(true);
    }

    private FileLock lock() throws IOException {
        FileLock lock = tryLock();
        while (lock == null) {
            LockSupport.parkNanos(RETRY_NANOS);
            lock = tryLock();
        }
        return lock;
    }

    private @Nullable FileLock tryLock() throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Another fence of this process holds it, as in tests; to the caller that is the same as another process.
            return null;
        }
    }

    private static int crc(long generation) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(8).putLong(generation).flip());
        return (int) crc.getValue();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
