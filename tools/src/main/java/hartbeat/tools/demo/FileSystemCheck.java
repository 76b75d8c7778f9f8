package hartbeat.tools.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What e2fsck says about a disk image that no machine uses any more.
 *
 * @param exitCode 0 for a clean file system; -1 if the program could not be run
 */
public record FileSystemCheck(boolean clean, int exitCode, String note) {
    private static final List<String> PLACES = List.of("/sbin/e2fsck", "/usr/sbin/e2fsck", "/usr/bin/e2fsck");

    /** Reads all of it and changes nothing. */
    public static FileSystemCheck of(Path image) throws InterruptedException {
        String program = PLACES.stream()
                .filter(place -> Files.isExecutable(Path.of(place)))
                .findFirst()
                .orElse("e2fsck");
        try {
            Process process = new ProcessBuilder(program, "-f", "-n", image.toString())
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exitCode = process.waitFor();
            return new FileSystemCheck(exitCode == 0, exitCode, exitCode == 0 ? "" : lastLine(output));
        } catch (IOException e) {
            return new FileSystemCheck(false, -1, "e2fsck cannot be run: " + e.getMessage());
        }
    }

    private static String lastLine(String output) {
        return output.lines().reduce("", (first, second) -> second);
    }
}
