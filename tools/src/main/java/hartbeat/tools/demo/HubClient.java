package hartbeat.tools.demo;

import hartbeat.devices.host.HostException;
import hartbeat.devices.host.link.LinkAddress;
import hartbeat.tools.lan.ConsoleClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** The demo's place at the console hub: sees every byte that the guest prints, once and in order, and types. */
final class HubClient implements AutoCloseable {
    private static final long RETRY_NANOS = 5_000_000;

    private final ConsoleClient client;
    private volatile boolean closed;

    private HubClient(ConsoleClient client) {
        this.client = client;
    }

    /** @param output takes what the guest prints, on a thread of the client's */
    static HubClient attach(Path socket, Consumer<byte[]> output) throws HostException {
        return new HubClient(
                ConsoleClient.connect(new LinkAddress.Unix(socket), "", -1, (position, bytes) -> output.accept(bytes)));
    }

    void type(String text) {
        type(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Waits while the hub has no room; without a hub nobody can be typed for. */
    void type(byte[] bytes) {
        while (!closed && !client.ended() && !client.type(bytes)) {
            LockSupport.parkNanos(RETRY_NANOS);
        }
    }

    @Override
    public void close() {
        closed = true;
        client.close();
    }
}
