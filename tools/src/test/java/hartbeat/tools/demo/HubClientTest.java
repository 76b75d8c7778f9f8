package hartbeat.tools.demo;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class HubClientTest {
    private static final int NEARLY_A_QUEUE_BYTES = 200 << 10;

    @TempDir
    Path directory;

    /** What hangs here would take the keyboard of the demo with it, Ctrl-A x too. */
    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void whoTypesIsNotHeldUpByASwitchThatHasGone() throws Exception {
        Path socket = directory.resolve("lan.sock");
        try (ServerSocketChannel hub =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket))) {
            try (HubClient client = HubClient.attach(socket, _ -> {})) {
                hub.accept().close();
                for (int i = 0; i < 3; i++) {
                    client.type(new byte[NEARLY_A_QUEUE_BYTES]);
                }
            }
        }
    }
}
