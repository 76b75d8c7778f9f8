package hartbeat.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs programs of the host. */
final class Programs {
    private Programs() {}

    /** Gives all that a program printed; nothing where the host has no such program. A failure of the program fails the test. */
    static String output(String... command) throws InterruptedException {
        Process process;
        String printed;
        try {
            process = new ProcessBuilder(List.of(command))
                    .redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .start();
            printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
        assertThat(process.waitFor())
                .as("%s printed: %s", String.join(" ", command), printed)
                .isZero();
        return printed;
    }
}
