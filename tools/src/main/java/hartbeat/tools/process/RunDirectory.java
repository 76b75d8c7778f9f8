package hartbeat.tools.process;

import hartbeat.tools.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;

/** A directory for the sockets, disks and logs of one run, readable by its owner only; removed at the end unless kept. */
public final class RunDirectory implements AutoCloseable {
    private static final String ELSEWHERE = "TMPDIR=DIRECTORY ./hartbeat ..";
    /** Of a Unix-domain socket, without the zero at its end (unix(7)). */
    private static final int SOCKET_PATH_BYTES = 107;
    /** What comes behind the prefix: a random number, and the socket's own name. */
    private static final int NAMES_BYTES = 40;

    private final Path path;
    private volatile boolean kept;

    private RunDirectory(Path path) {
        this.path = path;
    }

    /** Under the temporary directory, with a short name: a Unix-domain socket's path has to fit 107 bytes. */
    public static RunDirectory create(String prefix) {
        requireShort(prefix);
        Set<PosixFilePermission> owner = PosixFilePermissions.fromString("rwx------");
        try {
            return new RunDirectory(
                    Files.createTempDirectory(prefix + "-", PosixFilePermissions.asFileAttribute(owner)));
        } catch (IOException e) {
            throw UserError.failed(
                    "cannot make a run directory under %s: %s".formatted(temporary(), UserError.reason(e)),
                    "free some space there, or choose another place: " + ELSEWHERE,
                    e);
        }
    }

    private static String temporary() {
        return String.valueOf(System.getProperty("java.io.tmpdir"));
    }

    private static void requireShort(String prefix) {
        int bytes = temporary().getBytes(StandardCharsets.UTF_8).length + prefix.length() + NAMES_BYTES;
        if (bytes > SOCKET_PATH_BYTES) {
            throw UserError.failed(
                    "the temporary directory %s is too long a name for sockets in it: expected<=%d bytes, actual=%d"
                            .formatted(
                                    temporary(),
                                    SOCKET_PATH_BYTES - prefix.length() - NAMES_BYTES,
                                    bytes - prefix.length() - NAMES_BYTES),
                    "choose another place: " + ELSEWHERE);
        }
    }

    public Path path() {
        return path;
    }

    public Path resolve(String name) {
        return path.resolve(name);
    }

    /** Leaves the directory where it is, for whoever looks for a failure's cause. */
    public void keep() {
        kept = true;
    }

    public boolean kept() {
        return kept;
    }

    @Override
    public void close() {
        if (kept) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            files.sorted(Comparator.reverseOrder()).forEach(RunDirectory::delete);
        } catch (IOException | UncheckedIOException goneAlready) {
            // Nothing is left to remove, or a file appeared meanwhile; the directory is in the temporary folder anyway.
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
