package hartbeat.tools.demo;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.ft.run.DiskMode;
import hartbeat.tools.ExitCode;
import hartbeat.tools.compose.OwnGuest;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The main job, end to end: three processes, a Linux guest, SIGKILL to the primary, nobody notices. */
final class KillStoryTest {
    /** {@code ./hartbeat test} builds the guest first. */
    static boolean guestIsBuilt() {
        return OwnGuest.find() != null;
    }

    @ParameterizedTest
    @EnumSource(DiskMode.class)
    @EnabledIf("guestIsBuilt")
    void aKilledPrimaryIsNotMissed(DiskMode diskMode) throws Exception {
        StringWriter out = new StringWriter();
        int exitCode = new Demo(List.of(Fault.KILL), diskMode, 1, new PrintWriter(out)).run(null);

        assertThat(exitCode).as(out.toString()).isEqualTo(ExitCode.DONE);
        assertThat(out.toString())
                .contains("requests over one TCP connection, each answered once and rightly")
                .contains("records written before, during and after, read back intact")
                .contains("console lines, none lost, repeated or garbled")
                .contains("file system of the survivor's disk is clean")
                .doesNotContain("FAILED");
    }
}
