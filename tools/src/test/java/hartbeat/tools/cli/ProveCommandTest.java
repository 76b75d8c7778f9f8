package hartbeat.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.tools.ExitCode;
import hartbeat.tools.text.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command around campaigns; how they are run is tested in {@code ProofTest}. */
final class ProveCommandTest {
    @TempDir
    Path directory;

    @Test
    void oneKindForAMomentEndsWithTheTable() throws IOException {
        Path json = directory.resolve("proof.json");
        Typed typed = Typed.line(
                "prove",
                "--hours",
                "0.0002",
                "--only",
                "simulate",
                "--seed",
                "5",
                "--jobs",
                "1",
                "--json",
                json.toString());
        assertThat(typed.exitCode()).as(typed.err() + typed.out()).isEqualTo(ExitCode.DONE);
        assertThat(typed.out()).startsWith("seed 5, 1 jobs").containsPattern("simulate +[1-9][0-9,]* +fault histories");
        assertThat(typed.err()).contains("simulate: for 0 s");
        assertThat(Json.parseObject(Files.readString(json)))
                .containsEntry("found", 0L)
                .containsKey("campaigns");
    }

    @Test
    void mistakesAreToldInOneLine() {
        assertMistake("either --quick or --hours H, actual=neither");
        assertMistake("either --quick or --hours H, actual=both", "--quick", "--hours", "1");
        assertMistake("--hours: expected=a positive number", "--hours", "-1");
        assertMistake("--only: expected=some of simulate,crashpoints,", "--quick", "--only", "nothing");
        assertMistake("--jobs: expected>=1", "--quick", "--jobs", "0");
    }

    private static void assertMistake(String words, String... options) {
        String[] line = new String[options.length + 1];
        line[0] = "prove";
        System.arraycopy(options, 0, line, 1, options.length);
        Typed typed = Typed.line(line);
        assertThat(typed.exitCode()).as(typed.err()).isEqualTo(ExitCode.USAGE);
        assertThat(typed.err().lines()).singleElement().asString().contains(words);
    }
}
