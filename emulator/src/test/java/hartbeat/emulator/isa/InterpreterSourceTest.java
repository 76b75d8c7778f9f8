package hartbeat.emulator.isa;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class InterpreterSourceTest {
    private static final Path SOURCES = Path.of(System.getProperty("hartbeat.root", ".."))
            .resolve("emulator/src/main/java/hartbeat/emulator/executor/interpreter");

    @Test
    void coresAreWhatTheTableSays() throws IOException {
        if (Boolean.getBoolean("hartbeat.regenerate")) {
            InterpreterGenerator.write(SOURCES);
        }
        assertThat(Files.readString(SOURCES.resolve("StepCore.java"))).isEqualTo(InterpreterGenerator.stepCore());
        assertThat(Files.readString(SOURCES.resolve("BlockCore.java"))).isEqualTo(InterpreterGenerator.blockCore());
    }
}
