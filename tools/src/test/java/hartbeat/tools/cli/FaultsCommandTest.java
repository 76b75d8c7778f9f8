package hartbeat.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.tools.ExitCode;
import hartbeat.tools.faults.Kind;
import hartbeat.tools.faults.Sandbox;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class FaultsCommandTest {
    /** Real processes in namespaces; a kill, and one pause before it. */
    @Test
    void aPairTakesItsFaults() throws Exception {
        List<String> command = Sandbox.command(List.of(
                "faults",
                "--inside",
                "--seed",
                "1",
                "--runs",
                "1",
                "--jobs",
                "1",
                "--suspect-after",
                "1000",
                "--guest",
                "service",
                "--only",
                "pause-primary,kill-primary"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isEqualTo(ExitCode.DONE);
        assertThat(said).containsPattern("kill-primary +1").contains("faults on 1 pairs, 0 violated");
    }

    @Test
    void theHelpNamesEveryKind() {
        String help = new CommandLine(new FaultsCommand()).getUsageMessage().replaceAll("\\s+", "");
        for (Kind kind : Kind.values()) {
            assertThat(help).contains(kind.toString());
        }
    }

    @Test
    void mistakesAreToldInOneLine() {
        assertMistake("--only: no kind 'rain'", "--only", "rain");
        assertMistake("--runs: expected>=1", "--runs", "0");
        assertMistake("--jobs: expected=1 to 64", "--jobs", "0");
        assertMistake("--hours: expected=a positive number", "--hours", "-1");
        assertMistake("--suspect-after: expected=100 to 5000", "--suspect-after", "1");
    }

    private static void assertMistake(String words, String... options) {
        String[] line = new String[options.length + 1];
        line[0] = "faults";
        System.arraycopy(options, 0, line, 1, options.length);
        Typed typed = Typed.line(line);
        assertThat(typed.exitCode()).as(typed.err()).isEqualTo(ExitCode.USAGE);
        assertThat(typed.err().lines()).singleElement().asString().contains(words);
    }
}
