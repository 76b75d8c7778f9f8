package hartbeat.tools.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hartbeat.tools.UserError;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SandboxTest {
    @TempDir
    Path directory;

    @Test
    void aHostWithoutTapsIsToldOfTheDriver() {
        assertThatThrownBy(() -> Sandbox.requireTaps(directory.resolve("tun")))
                .isInstanceOfSatisfying(
                        UserError.class, e -> assertThat(e.line()).contains("no such device", "modprobe tun"));
    }

    @Test
    void whoMayReadAndWriteItMayGoOn() {
        assertThatCode(() -> Sandbox.requireTaps(directory)).doesNotThrowAnyException();
    }
}
