package hartbeat.ft.arbiter.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hartbeat.ft.arbiter.Arbiter;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Storage that fails by an unchecked exception is out of reach like any other: a role that is told nothing would wait for ever. */
final class StorageFailureTest {
    @TempDir
    Path directory;

    @Test
    void failureWhileNamesAreReadIsOneOfTheStorage() {
        Iterable<Path> stale = () -> {
            throw new DirectoryIteratorException(new IOException("Stale file handle"));
        };
        assertThatThrownBy(() -> HostDirectory.names(stale))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Stale file handle");
    }

    @Test
    void everyQuestionHasAnAnswer() throws IOException, InterruptedException {
        DirectoryArbiter gone;
        try (FileSystem storage =
                FileSystems.newFileSystem(directory.resolve("storage.zip"), Map.of("create", "true"))) {
            gone = new DirectoryArbiter(storage.getPath("/"));
        }
        CountDownLatch woken = new CountDownLatch(1);
        ArbiterThread arbiter = new ArbiterThread(gone, woken::countDown);
        arbiter.ask(new Arbiter.Claim(1, "a"));
        assertThat(woken.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(arbiter.poll()).isInstanceOf(Arbiter.Unreachable.class);
    }
}
