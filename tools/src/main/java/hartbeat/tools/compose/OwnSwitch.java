package hartbeat.tools.compose;

import hartbeat.devices.host.HostException;
import hartbeat.devices.host.link.LinkAddress;
import hartbeat.tools.cli.NetOption;
import hartbeat.tools.lan.SwitchOptions;
import hartbeat.tools.lan.SwitchServer;
import hartbeat.tools.process.RunDirectory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where each network card of a machine is plugged in: the switch that the option names, or, for passt and tap, one of this process's
 * own, on a thread beside the machine.
 */
final class OwnSwitch implements AutoCloseable {
    private final List<LinkAddress> addresses = new ArrayList<>();
    private final List<SwitchServer> servers = new ArrayList<>();
    private @Nullable RunDirectory directory;

    private OwnSwitch() {}

    /** Starts what is needed for these options. */
    static OwnSwitch of(List<NetOption> nets) throws HostException {
        OwnSwitch lan = new OwnSwitch();
        try {
            for (NetOption net : nets) {
                switch (net) {
                    case NetOption.Socket socket -> lan.addresses.add(socket.address());
                    case NetOption.Own own -> lan.start(own.uplink());
                    case NetOption.None _ -> {
                        // No card, so nothing to plug in.
                    }
                }
            }
            return lan;
        } catch (HostException | RuntimeException e) {
            lan.close();
            throw e;
        }
    }

    /** In the order of the cards. */
    List<LinkAddress> addresses() {
        return List.copyOf(addresses);
    }

    @Override
    public void close() {
        servers.forEach(SwitchServer::close);
        if (directory != null) {
            directory.close();
        }
    }

    private void start(SwitchOptions.Uplink uplink) throws HostException {
        if (directory == null) {
            directory = RunDirectory.create("hartbeat");
        }
        LinkAddress address = new LinkAddress.Unix(directory.resolve("lan" + servers.size()));
        SwitchServer server = SwitchServer.open(new SwitchOptions(List.of(address), List.of(uplink)));
        servers.add(server);
        addresses.add(address);
        Thread.ofPlatform().daemon().name("switch").start(() -> {
            try {
                server.run();
            } catch (IOException e) {
                System.getLogger(OwnSwitch.class.getName())
                        .log(System.Logger.Level.ERROR, "the switch of this machine has ended: {0}", e.getMessage());
            }
        });
    }
}
