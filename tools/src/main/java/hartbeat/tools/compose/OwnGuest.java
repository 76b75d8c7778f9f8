package hartbeat.tools.compose;

import hartbeat.tools.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The Linux guest that this project builds by recipe into a cache.
 *
 * @param directory where kernel and initrd are
 */
public record OwnGuest(Path directory) {
    /** The kernel's command line where none is given. */
    public static final String APPEND = "console=ttyS0";

    public Path kernel() {
        return directory.resolve("Image");
    }

    public Path initrd() {
        return directory.resolve("initramfs.cpio");
    }

    /** The guest if it is built already, else null. */
    public static @Nullable OwnGuest find() {
        String printed = recipe(ProcessBuilder.Redirect.DISCARD, "--path");
        return printed == null ? null : new OwnGuest(Path.of(printed));
    }

    /** The guest, built now if it is not yet; the recipe shows its progress on standard error. */
    public static OwnGuest require() {
        OwnGuest built = find();
        if (built != null) {
            return built;
        }
        String printed = recipe(ProcessBuilder.Redirect.INHERIT);
        if (printed == null) {
            throw UserError.failed("the Linux guest could not be built", "see the messages above, or give --kernel");
        }
        return new OwnGuest(Path.of(printed));
    }

    /**
     * Makes an ext4 disk image.
     *
     * @param megabytes size, 4 or more
     */
    public static void makeDisk(Path file, int megabytes) {
        if (recipe(ProcessBuilder.Redirect.INHERIT, "--disk", file.toString(), Integer.toString(megabytes)) == null) {
            throw UserError.failed("the disk image " + file + " could not be made", "see the message above");
        }
    }

    /** The last line that the recipe prints (empty if none), or null if it failed. */
    private static @Nullable String recipe(ProcessBuilder.Redirect errors, String... arguments) {
        String root = System.getProperty("hartbeat.root", ".");
        Path script = Path.of(root, "guest-images", "linux", "build");
        if (!Files.isExecutable(script)) {
            throw UserError.failed(
                    "the guest's recipe is missing: " + script, "start ./hartbeat from the project, or give --kernel");
        }
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectError(errors)
                    .start();
            String last = "";
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    last = line;
                }
            }
            return process.waitFor() == 0 ? last : null;
        } catch (IOException e) {
            throw UserError.failed("the guest's recipe cannot be run: " + e.getMessage(), null, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
