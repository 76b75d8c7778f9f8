package hartbeat.tools.text;

import hartbeat.tools.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file that is written when the work is done: whether it can be is said before the work begins. */
public final class OutputFile {
    private OutputFile() {}

    /**
     * Refuses a file that could not be written.
     *
     * @param option that named it, such as {@code --json}
     * @param file null for none
     */
    public static void require(String option, @Nullable Path file) {
        if (file == null) {
            return;
        }
        Path directory = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file)) {
            throw refused(option, file, "it is a directory", "name a file in it");
        } else if (directory == null || !Files.isDirectory(directory)) {
            throw refused(option, file, "no such directory", "make it first: mkdir -p " + directory);
        } else if (!Files.isWritable(Files.exists(file) ? file : directory)) {
            throw refused(option, file, "permission denied or a read-only file system", "choose another place");
        }
    }

    /** Writes the whole file; nothing half-written is left if that fails. */
    public static void write(String option, Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            try {
                if (Files.isRegularFile(file)) {
                    Files.delete(file);
                }
            } catch (IOException stays) {
                e.addSuppressed(stays);
            }
            throw UserError.failed(
                    "%s: cannot write %s: %s".formatted(option, file, UserError.reason(e)),
                    "is there space left, and may you write there?",
                    e);
        }
    }

    private static UserError refused(String option, Path file, String why, String hint) {
        return UserError.failed("%s: cannot write %s: %s".formatted(option, file, why), hint);
    }
}
