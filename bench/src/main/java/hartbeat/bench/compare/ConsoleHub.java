package hartbeat.bench.compare;

import hartbeat.devices.host.HostException;
import hartbeat.devices.host.link.LinkAddress;
import hartbeat.tools.lan.ConsoleClient;
import hartbeat.tools.lan.SwitchOptions;
import hartbeat.tools.lan.SwitchServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The LAN switch and console hub of a protected pair, on a thread of this process: it stands for a third host, so that its cost is not
 * counted.
 */
final class ConsoleHub implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ConsoleHub.class.getName());

    private final SwitchServer server;
    private final LinkAddress address;
    private @Nullable ConsoleClient client;

    private ConsoleHub(SwitchServer server, LinkAddress address) {
        this.server = server;
        this.address = address;
    }

    static ConsoleHub open(Path socket) throws HostException {
        LinkAddress address = new LinkAddress.Unix(socket);
        SwitchServer server = SwitchServer.open(new SwitchOptions(List.of(address), List.of()));
        Thread.ofPlatform().daemon().name("switch").start(() -> {
            try {
                server.run();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.ERROR, "the switch has ended: {0}", e.getMessage());
            }
        });
        return new ConsoleHub(server, address);
    }

    /** Gives whatever the machine prints to the marks, stamped when it arrives here. */
    void listen(MarkReader marks) throws HostException {
        client = ConsoleClient.connect(
                address, "", -1, (_, bytes) -> marks.accept(bytes, bytes.length, System.nanoTime()));
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
        server.close();
    }
}
