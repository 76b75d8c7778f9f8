package hartbeat.tools.cli;

import hartbeat.devices.host.HostException;
import hartbeat.devices.host.link.LinkAddress;
import hartbeat.lan.Switch;
import hartbeat.tools.ExitCode;
import hartbeat.tools.UserError;
import hartbeat.tools.compose.StatusLines;
import hartbeat.tools.lan.SwitchOptions;
import hartbeat.tools.lan.SwitchServer;
import hartbeat.tools.process.StopAtExit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** LAN switch and console hub as a process. */
@Command(
        name = "switch",
        sortOptions = false,
        description = {
            "A learning LAN switch and console hub.",
            "Its members are machines (run, primary, backup), console clients, and anything that speaks QEMU's stream",
            "framing (QEMU itself, passt)."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./hartbeat switch --listen unix:/tmp/lan.sock",
            "  ./hartbeat switch --listen unix:/tmp/lan.sock --uplink passt --forward 127.0.0.1:8080=80",
            "  ./hartbeat switch --listen tcp:127.0.0.1:4020 --uplink tap,ifname=hartbeat0,address=10.0.2.2/24",
            "  qemu-system-riscv32 .. -netdev stream,id=n,addr.type=unix,addr.path=/tmp/lan.sock"
        })
public final class SwitchCommand implements Callable<Integer> {
    private static final long COUNTERS_NANOS = 250_000_000;

    @Mixin
    final CommonOptions common = new CommonOptions();

    @Option(
            names = {"--listen"},
            paramLabel = "ADDRESS",
            required = true,
            description = "unix:PATH or tcp:HOST:PORT; may be given several times.")
    List<String> listen = new ArrayList<>();

    @Option(
            names = {"--uplink"},
            paramLabel = "passt|tap[,..]",
            description = {
                "A way out: passt (no privileges needed), or tap[,ifname=NAME,address=10.0.2.2/24] (root, or a network",
                "namespace of your own: unshare -rn)."
            })
    @Nullable
    String uplink;

    @Option(
            names = {"--forward"},
            paramLabel = "[ADDRESS:]PORT=GUESTPORT",
            description =
                    "With passt: a TCP port of the host that leads to one of the guest; may be given several times.")
    List<String> forwards = new ArrayList<>();

    @Option(
            names = {"--status-json"},
            paramLabel = "FILE",
            description = {
                "Append a line of JSON when it listens and four times a second its counters; - for standard output. When",
                "nobody reads that any more, the switch ends."
            })
    @Nullable
    String statusJson;

    @Override
    public Integer call() throws HostException, IOException {
        List<LinkAddress> addresses =
                listen.stream().map(text -> NetOption.address("--listen", text)).toList();
        // On SIGTERM and Ctrl-C sockets and interfaces are removed before the process is gone.
        try (StatusLines status = StatusLines.open(statusJson);
                SwitchServer server = SwitchServer.open(new SwitchOptions(addresses, uplinks()));
                StopAtExit stop = new StopAtExit(server::close)) {
            status.tell(
                    "listening",
                    Map.of(
                            "addresses",
                            server.addresses().stream().map(Object::toString).toList()));
            if (statusJson == null) {
                System.err.println("hartbeat: switch listens on "
                        + server.addresses().stream().map(Object::toString).collect(Collectors.joining(", ")));
            } else {
                Thread.ofPlatform().daemon().name("counters").start(() -> tellCounters(server, status));
            }
            server.run();
        }
        return ExitCode.DONE;
    }

    private List<SwitchOptions.Uplink> uplinks() {
        if (uplink == null) {
            if (!forwards.isEmpty()) {
                throw UserError.usage("--forward needs --uplink passt", "add --uplink passt");
            }
            return List.of();
        }
        KeyValues values = new KeyValues("--uplink", uplink);
        SwitchOptions.Uplink parsed = switch (values.first()) {
            case "passt" ->
                new SwitchOptions.Passt(
                        forwards.stream().map(NetOption::forward).toList());
            case "tap" ->
                new SwitchOptions.Tap(values.take("ifname", "hartbeat0"), values.take("address", "10.0.2.2/24"));
            default -> throw UserError.usage("--uplink: expected=passt or tap, actual=" + values.first(), "use passt");
        };
        values.refuseTheRest("ifname, address");
        return List.of(parsed);
    }

    private static void tellCounters(SwitchServer server, StatusLines status) {
        while (!status.broken()) {
            Switch.Counters counters = server.counters();
            status.tell(
                    "state",
                    Map.of(
                            "connections",
                            counters.connections(),
                            "machines",
                            counters.machines(),
                            "forwarded",
                            counters.forwarded(),
                            "flooded",
                            counters.flooded(),
                            "repeats",
                            counters.repeats(),
                            "fenced",
                            counters.fenced(),
                            "dropped",
                            counters.dropped()));
            LockSupport.parkNanos(COUNTERS_NANOS);
        }
        server.close();
    }
}
