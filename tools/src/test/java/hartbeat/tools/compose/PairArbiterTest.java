package hartbeat.tools.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hartbeat.tools.UserError;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may begin with an arbiter's directory. */
final class PairArbiterTest {
    @TempDir
    Path directory;

    @Test
    void aPrimaryIsRefusedWhileAnotherRuns() throws IOException {
        try (PairArbiter first = PairArbiter.create(directory, "first")) {
            assertThat(first.highest().generation()).isZero();
            refusedFor("a primary runs with it");
        }
        try (PairArbiter again = PairArbiter.create(directory, "again")) {
            assertThat(again.highest().generation()).isZero();
        }
    }

    /** As after its primary's death, when it is live alone. */
    @Test
    void aPrimaryIsRefusedWhileABackupRuns() throws IOException {
        PairArbiter.create(directory, "primary").close();
        try (PairArbiter backup = PairArbiter.existing(directory, "backup")) {
            assertThat(backup.highest().generation()).isZero();
            refusedFor("a backup runs with it");
        }
    }

    private void refusedFor(String reason) {
        assertThatThrownBy(() -> PairArbiter.create(directory, "second").close())
                .isInstanceOf(UserError.class)
                .hasMessageContaining(reason);
    }
}
