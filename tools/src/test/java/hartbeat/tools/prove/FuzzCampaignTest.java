package hartbeat.tools.prove;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hartbeat.proof.campaign.Budget;
import hartbeat.proof.campaign.Finding;
import hartbeat.proof.campaign.Tried;
import hartbeat.tools.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is made of the command's words; a script says them. */
final class FuzzCampaignTest {
    private static final String HEAD = "target                 inputs      edges    found\n";

    @TempDir
    Path directory;

    @Test
    void rowsAreCountedOnce() throws IOException {
        Tried tried = run(HEAD + """
                        log                     1,200        390        0
                        link                       34          9        0
                        all                     1,234                   0
                        """, 0);
        assertThat(tried.count()).isEqualTo(1234);
        assertThat(tried.findings()).isEmpty();
    }

    @Test
    void aFindingComesWithItsCommand() throws IOException {
        Tried tried = run(HEAD + """
                        log                     1,200        390        1
                        violation: log: it fell
                            repeat: ./hartbeat fuzz log --input f
                        """, 1);
        assertThat(tried.findings()).containsExactly(new Finding("log: it fell", "./hartbeat fuzz log --input f"));
    }

    @Test
    void noInputsAreNoProof() {
        assertThatThrownBy(() -> run(HEAD + "all                         0                   0\n", 0))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("exit code 0 after 0 inputs");
    }

    @Test
    void aCommandThatFailsIsNotTakenForOneThatFoundNothing() {
        assertThatThrownBy(() -> run("hartbeat: the build failed\n", 1))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("exit code 1 after 0 inputs: hartbeat: the build failed");
    }

    private Tried run(String words, int exitCode) throws IOException {
        Path launcher = directory.resolve("hartbeat");
        Files.writeString(launcher, "#!/bin/sh\ncat << 'END'\n%sEND\nexit %d\n".formatted(words, exitCode));
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        return new FuzzCampaign(launcher).run(Budget.of(Duration.ofSeconds(1), 1, 1), _ -> {});
    }
}
