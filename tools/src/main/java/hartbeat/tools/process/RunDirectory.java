package hartbeat.tools.process;

import hartbeat.tools.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;

/** A directory for the sockets, disks and logs of one run, readable by its owner only; removed at the end unless kept. */
public final class RunDirectory implements AutoCloseable {
    private final Path path;
    private volatile boolean kept;

    private RunDirectory(Path path) {
        this.path = path;
    }

    /** Under the temporary directory, with a short name: a Unix-domain socket's path has to fit 107 bytes. */
    public static RunDirectory create(String prefix) {
        Set<PosixFilePermission> owner = PosixFilePermissions.fromString("rwx------");
        try {
            return new RunDirectory(
                    Files.createTempDirectory(prefix + "-", PosixFilePermissions.asFileAttribute(owner)));
        } catch (IOException e) {
            throw UserError.failed(
                    "cannot make a run directory under " + System.getProperty("java.io.tmpdir") + ": " + e.getMessage(),
                    "free some space there, or set TMPDIR",
                    e);
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
