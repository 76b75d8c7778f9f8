package hartbeat.devices.host.disk;

import hartbeat.devices.host.HostException;
import hartbeat.devices.host.posix.Posix;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** A raw image file: sector n is at byte 512 * n. */
public final class FileBlockStore implements BlockStore {
    private static final int ZEROS_BYTES = 1 << 20;

    private final Path image;
    private final FileChannel channel;
    private final long sizeBytes;
    private final boolean readOnly;
    /**
     * A second descriptor for fallocate, or -1 where holes cannot be punched. It stays open as long as the channel: closing any
     * descriptor of a file drops all POSIX locks that the process holds on it (man 2 fcntl).
     */
    private final int holeFd;

    private boolean holesPossible;

    /** How an image may be used by others meanwhile. */
    public enum Sharing {
        /** Nobody else: the image is locked, and it is an error if it is locked already. */
        EXCLUSIVE,
        /** Both sides of a pair in shared disk mode; {@link FencedBlockStore} decides who may write. */
        SHARED,
        /** Nobody writes; any number read. */
        READ_ONLY
    }

    private FileBlockStore(Path image, FileChannel channel, long sizeBytes, boolean readOnly) {
        this.image = image;
        this.channel = channel;
        this.sizeBytes = sizeBytes;
        this.readOnly = readOnly;
        int fd = readOnly ? -1 : Posix.open(image.toString(), Posix.O_RDWR | Posix.O_CLOEXEC);
        holeFd = Math.max(fd, -1);
        holesPossible = holeFd >= 0;
    }

    /**
     * Opens a raw image.
     *
     * @throws HostException if it is missing, not a regular file, not writable, empty, no multiple of 512 bytes, or in use
     */
    public static FileBlockStore open(Path image, Sharing sharing) throws HostException {
        boolean readOnly = sharing == Sharing.READ_ONLY;
        if (Files.exists(image) && !Files.isRegularFile(image)) {
            throw new HostException("disk image " + image + " is not a regular file", "give a raw image file");
        }
        Set<OpenOption> options =
                readOnly ? Set.of(StandardOpenOption.READ) : Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileChannel channel;
        try {
            channel = FileChannel.open(image, options);
        } catch (NoSuchFileException e) {
            throw new HostException(
                    "disk image " + image + " does not exist", "create one with: truncate -s 64M " + image, e);
        } catch (AccessDeniedException e) {
            throw new HostException(
                    "disk image " + image + " cannot be opened for " + (readOnly ? "reading" : "writing"),
                    readOnly ? "check its permissions" : "check its permissions, or open it with readonly=on",
                    e);
        } catch (IOException e) {
            throw new HostException("disk image " + image + ": " + e.getMessage(), "check the path", e);
        }
        try {
            return checked(image, channel, sharing);
        } catch (HostException e) {
            close(channel, e);
            throw e;
        } catch (IOException e) {
            close(channel, e);
            throw new HostException("disk image " + image + ": " + e.getMessage(), "check the host's storage", e);
        }
    }

    private static FileBlockStore checked(Path image, FileChannel channel, Sharing sharing)
            throws IOException, HostException {
        long sizeBytes = channel.size();
        if (sizeBytes == 0 || sizeBytes % SECTOR_BYTES != 0) {
            long padded = Math.max(1, (sizeBytes + SECTOR_BYTES - 1) / SECTOR_BYTES) * SECTOR_BYTES;
            throw new HostException(
                    "disk image " + image + ": expected=a multiple of " + SECTOR_BYTES + " bytes, actual=" + sizeBytes
                            + " bytes",
                    "is it a raw image? If so pad it with: truncate -s " + padded + " " + image);
        }
        if (sharing == Sharing.EXCLUSIVE && !lock(channel)) {
            throw new HostException(
                    "disk image " + image + " is in use by another machine",
                    "stop the other machine, or give each its own copy (a pair uses one with --disk-mode shared)");
        }
        return new FileBlockStore(image, channel, sizeBytes, sharing == Sharing.READ_ONLY);
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static void close(FileChannel channel, Exception reason) {
        try {
            channel.close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public boolean readOnly() {
        return readOnly;
    }

    @Override
    public void read(long offsetBytes, byte[] data) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(data);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, offsetBytes + buffer.position()) < 0) {
                throw new EOFException("image has shrunk: expected=" + sizeBytes + " bytes, actual=" + channel.size());
            }
        }
    }

    @Override
    public void write(long offsetBytes, byte[] data) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(data);
        while (buffer.hasRemaining()) {
            channel.write(buffer, offsetBytes + buffer.position());
        }
    }

    @Override
    public void zero(long offsetBytes, long lengthBytes) throws IOException {
        if (readOnly) {
            throw new IOException("disk is read-only");
        }
        if (holesPossible && lengthBytes > 0) {
            int mode = Posix.FALLOC_FL_PUNCH_HOLE | Posix.FALLOC_FL_KEEP_SIZE;
            if (Posix.fallocate(holeFd, mode, offsetBytes, lengthBytes) == 0) {
                return;
            }
            // Not every file system has holes; writing zeros is slower and just as right.
            holesPossible = false;
        }
        byte[] zeros = new byte[(int) Math.min(ZEROS_BYTES, lengthBytes)];
        for (long done = 0; done < lengthBytes; done += zeros.length) {
            int length = (int) Math.min(zeros.length, lengthBytes - done);
            write(offsetBytes + done, length == zeros.length ? zeros : new byte[length]);
        }
    }

    @Override
    public void flush() throws IOException {
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        if (holeFd >= 0 && channel.isOpen()) {
            Posix.close(holeFd);
        }
        channel.close();
    }

    @Override
    public String toString() {
        return image.toString();
    }
}
