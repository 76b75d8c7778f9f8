package hartbeat.tools.cli;

import hartbeat.devices.host.HostException;
import hartbeat.devices.host.link.LinkAddress;
import hartbeat.tools.compose.HubConsole;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A guest's console, wherever the guest runs. */
@Command(
        name = "console",
        sortOptions = false,
        description = {
            "Attach this terminal to a guest's console at a switch.",
            "Ctrl-A x leaves; the guest goes on.",
            "Without a terminal, standard input is typed and standard output shows what the guest prints."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./hartbeat console unix:/tmp/lan.sock",
            "  ./hartbeat console tcp:127.0.0.1:4020 --machine 0123456789abcdef0123456789abcdef"
        })
public final class ConsoleCommand implements Callable<Integer> {
    @Mixin
    final CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "ADDRESS", description = "Where the switch listens: unix:PATH or tcp:HOST:PORT.")
    String address = "";

    @Option(
            names = {"--machine"},
            paramLabel = "ID",
            description = "The machine's id, if there are several; default: the one that went live last.")
    String machine = "";

    @Override
    public Integer call() throws HostException, InterruptedException {
        LinkAddress hub = NetOption.address("console", address);
        return HubConsole.attach(hub, machine);
    }
}
