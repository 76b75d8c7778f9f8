package hartbeat.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.tools.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands around simulations; what they find is tested in the module proof. */
final class ProofCommandsTest {
    @TempDir
    Path directory;

    private Path hello() throws IOException {
        Path file = directory.resolve("hello.elf");
        try (InputStream elf = ProofCommandsTest.class.getResourceAsStream("/hartbeat/guest/bare/hello.elf")) {
            Files.write(file, Objects.requireNonNull(elf).readAllBytes());
        }
        return file;
    }

    @Test
    void oneSeedIsToldWithTheCommandThatRepeatsIt() {
        Typed typed = Typed.line("simulate", "--seed", "3", "--guest", "rng", "--strike", "0:40:cut");
        assertThat(typed.exitCode()).as(typed.err()).isEqualTo(ExitCode.DONE);
        assertThat(typed.out())
                .contains(
                        "./hartbeat simulate --seed 3 --guest rng --disk-mode shared --strike 0:40:cut:",
                        "0 violations");
        assertThat(Typed.line("simulate", "--seed", "3", "--guest", "rng", "--strike", "0:40:cut")
                        .out())
                .isEqualTo(typed.out());
    }

    @Test
    void programOfTheUsersOwnIsStruckEverywhere() throws IOException {
        Typed typed =
                Typed.line("crashpoints", "--kernel", hello().toString(), "--disk-mode", "replicated", "--jobs", "1");
        assertThat(typed.exitCode()).as(typed.err()).isEqualTo(ExitCode.DONE);
        assertThat(typed.out()).contains("points", "take-overs").containsPattern("all +[0-9,]+ +[0-9,]+ +[0-9,]+ +0\n");
    }

    @Test
    void someSeedsAreCounted() {
        Typed typed = Typed.line("simulate", "--seed", "1", "--runs", "3", "--guest", "console-echo", "--jobs", "1");
        assertThat(typed.exitCode()).as(typed.err()).isEqualTo(ExitCode.DONE);
        assertThat(typed.out()).startsWith("seeds 1 to 3").containsPattern("all +3 ");
    }

    @Test
    void executorsAndReplaysAreCompared() {
        Typed executors = Typed.line("differ", "--against", "executors", "--seed", "5", "--runs", "1", "--jobs", "1");
        assertThat(executors.exitCode()).as(executors.err()).isEqualTo(ExitCode.DONE);
        assertThat(executors.out()).contains("instructions compared, 0 differences");
        Typed replays = Typed.line("differ", "--against", "replays", "--seed", "0", "--runs", "1");
        assertThat(replays.exitCode()).as(replays.err() + replays.out()).isEqualTo(ExitCode.DONE);
        assertThat(replays.out()).contains("1 replays compared, 0 differences");
    }

    @Test
    void mistakesAreToldInOneLine() throws IOException {
        assertMistake("expected=one of", "simulate", "--guest", "nobody");
        assertMistake("--strike: expected=", "simulate", "--seed", "1", "--strike", "0:now");
        assertMistake("--runs: expected>=1", "simulate", "--runs", "0");
        assertMistake("--runs: expected>=1", "differ", "--runs", "0");
        assertMistake("--jobs: expected>=1", "differ", "--jobs", "0");
        assertMistake("--rounds: expected>=1", "crashpoints", "--rounds", "0");
        assertMistake("--jobs: expected>=1", "crashpoints", "--jobs", "0");
        Path text = Files.writeString(directory.resolve("text"), "no program");
        Typed typed = Typed.line("crashpoints", "--kernel", text.toString());
        assertThat(typed.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(typed.err().lines()).singleElement().asString().contains("--kernel", "hint");
    }

    private static void assertMistake(String words, String... line) {
        Typed typed = Typed.line(line);
        assertThat(typed.exitCode()).as(typed.err()).isEqualTo(ExitCode.USAGE);
        assertThat(typed.err().lines()).singleElement().asString().contains(words);
    }
}
