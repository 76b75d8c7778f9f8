package hartbeat.tools.compose;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Output;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A console whose output nobody takes says so, and does not hold up its machine. */
final class StreamConsoleTest {
    private static final long WAIT_SECONDS = 10;

    @Test
    void outputThatNobodyTakesIsTold() throws Exception {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        CompletableFuture<String> told = new CompletableFuture<>();
        StreamConsole console =
                new StreamConsole(0, _ -> true, full, () -> {}, e -> told.complete(String.valueOf(e.getMessage())));

        console.send(1, new Emission(1, 1, new Output.ConsoleOutput(0, new byte[] {'x'})));

        assertThat(told.get(WAIT_SECONDS, TimeUnit.SECONDS)).isEqualTo("No space left on device");
        assertThat(console.canSend()).isTrue();
        console.close();
    }
}
