package hartbeat.tools.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

/** The client of the checking service against services that are right, or wrong about the time. */
final class ServiceClientTest {
    private static final int ANSWERS = 5;
    private static final int TIMEOUT_MILLIS = 10_000;

    /** What the client finds wrong with a service that tells these uptimes, by number of the request. */
    private static List<String> complaints(LongUnaryOperator uptime) throws IOException, InterruptedException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread service = Thread.ofPlatform().daemon().start(() -> serve(listener, uptime));
            InetSocketAddress address = new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
            try (ServiceClient client = new ServiceClient(address, TIMEOUT_MILLIS, 1_000)) {
                service.join();
                client.finish(TIMEOUT_MILLIS);
                return client.complaints().stream()
                        .filter(line -> line.contains("uptime"))
                        .toList();
            }
        }
    }

    private static void serve(ServerSocket listener, LongUnaryOperator uptime) {
        try (Socket socket = listener.accept();
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            OutputStream out = socket.getOutputStream();
            for (long number = 1; number <= ANSWERS && in.readLine() != null; number++) {
                String answer = "%d OK %d %d 0\n".formatted(number, number, uptime.applyAsLong(number));
                out.write(answer.getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException gone) {
            // The client complains about what it misses.
        }
    }

    @Test
    void aClockThatGoesOnIsRight() throws Exception {
        assertThat(complaints(number -> 5_000 + number)).isEmpty();
    }

    @Test
    void aClockThatGoesBackIsFound() throws Exception {
        assertThat(complaints(number -> number < 3 ? 5_000 : 4_000))
                .singleElement()
                .asString()
                .contains("answer 3", "went back");
    }

    @Test
    void aClockThatJumpsForwardIsFound() throws Exception {
        assertThat(complaints(number -> number < 4 ? 5_000 : 3_600_000))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).contains("jumped forward"))
                .first()
                .asString()
                .contains("answer 4");
    }
}
