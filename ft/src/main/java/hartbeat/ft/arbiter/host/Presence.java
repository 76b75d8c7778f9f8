package hartbeat.ft.arbiter.host;

import hartbeat.ft.channel.Side;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Shows that a process uses an arbiter's directory, for as long as it lives: it holds a lock on a byte of the file {@code presence}, which its
 * host gives back however it ends. Only a start asks for it, so that no pair is robbed of its generation by a mistyped
 * directory; that two machines never act against each other rests on the generations alone. Where files cannot be locked nobody
 * is seen, and every start may go on.
 */
public final class Presence implements AutoCloseable {
    private static final String FILE = "presence";

    private final FileChannel channel;

    private Presence(FileChannel channel) {
        this.channel = channel;
    }

    /** A process that uses this arbiter is there already. */
    public static final class TakenException extends Exception {
        private static final long serialVersionUID = 1;

        private final Side by;

        TakenException(Side by) {
            super("taken by a " + by);
            this.by = by;
        }

        /** What it was started as; a backup may be live by now. */
        public Side by() {
            return by;
        }
    }

    /**
     * A primary that starts: nobody else may use this arbiter.
     *
     * @throws TakenException if another primary, or a backup of one, does
     * @throws IOException if the directory cannot be used
     */
    public static Presence ofPrimary(Path directory) throws IOException, TakenException {
        Presence presence = open(directory);
        try {
            presence.require(Side.PRIMARY);
            FileLock looked = presence.require(Side.BACKUP);
            if (looked != null) {
                // No backup of this primary is there yet, and it will want its byte.
                looked.release();
            }
            return presence;
        } catch (TakenException | IOException | RuntimeException e) {
            presence.close();
            throw e;
        }
    }

    /**
     * A backup whose primary runs; one that another backup left in the lurch is not refused.
     *
     * @throws IOException if the directory cannot be used
     */
    public static Presence ofBackup(Path directory) throws IOException {
        Presence presence = open(directory);
        try {
            // Shared with the backup before it, should that one be stopped: both are seen by the next start.
            FileLock unused = presence.channel.tryLock(Side.BACKUP.ordinal(), 1, true);
        } catch (IOException | OverlappingFileLockException noLocks) {
            // Then this side is not seen.
        }
        return presence;
    }

    private static Presence open(Path directory) throws IOException {
        return new Presence(FileChannel.open(
                directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    /** The lock on a side's byte; null if locks cannot be had here. */
    private @Nullable FileLock require(Side side) throws TakenException {
        try {
            FileLock lock = channel.tryLock(side.ordinal(), 1, false);
            if (lock == null) {
                throw new TakenException(side);
            }
            return lock;
        } catch (OverlappingFileLockException thisProcess) {
            throw new TakenException(side);
        } catch (IOException noLocks) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
