package hartbeat.tools.cli;

import hartbeat.ft.run.DiskMode;
import hartbeat.tools.UserError;
import hartbeat.tools.demo.Demo;
import hartbeat.tools.demo.Fault;
import hartbeat.tools.demo.TerminalDemo;
import hartbeat.tools.screen.HostTerminal;
import hartbeat.tools.text.OutputFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The whole story from one command. */
@Command(
        name = "demo",
        sortOptions = false,
        description = {
            "A Linux guest outlives the process that runs it.",
            "It is booted under fault tolerance in three processes (switch, primary, backup), and one is taken away. On a terminal you do that yourself (Ctrl-A h for the keys); otherwise all stories are played and checked."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./hartbeat demo                              in a terminal: Ctrl-A k pulls the plug on the primary",
            "  ./hartbeat demo --unattended                 all stories and a report",
            "  ./hartbeat demo --only kill --repeat 20      twenty kills in a row",
            "  ./hartbeat demo --unattended --json figures.json",
            "  ./hartbeat demo --screenshot screen.svg      a picture of the screen from a real run"
        })
public final class DemoCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    final CommonOptions common = new CommonOptions();

    @Option(
            names = {"--unattended"},
            description = "Play all stories without a user, also on a terminal.")
    boolean unattended;

    @Option(
            names = {"--only"},
            paramLabel = "kill|backup|freeze|cut",
            description = "Play this story only; may be given several times.")
    List<String> only = new ArrayList<>();

    @Option(
            names = {"--repeat"},
            paramLabel = "N",
            defaultValue = "1",
            description = "Play the stories so many times (default: ${DEFAULT-VALUE}).")
    int repeats = 1;

    @Option(
            names = {"--disk-mode"},
            paramLabel = "replicated|shared",
            defaultValue = "replicated",
            description = "Whether each side has its own copy of the disk (default) or both share one.")
    DiskMode diskMode = DiskMode.REPLICATED;

    @Option(
            names = {"--json"},
            paramLabel = "FILE",
            description = "Write the report's figures to a file.")
    @Nullable
    Path json;

    @Option(
            names = {"--screenshot"},
            paramLabel = "FILE.svg",
            description = "Play the kill story on an unseen terminal and draw what it shows.")
    @Nullable
    Path screenshot;

    @Override
    public Integer call() throws Exception {
        if (repeats < 1 || repeats > 10_000) {
            throw UserError.usage("--repeat: expected=1 to 10000, actual=" + repeats, "for example 20");
        }
        List<Fault> faults = only.isEmpty()
                ? List.of(Fault.values())
                : only.stream().map(Fault::parse).toList();
        OutputFile.require("--json", json);
        OutputFile.require("--screenshot", screenshot);
        if (screenshot != null) {
            return TerminalDemo.picture(screenshot);
        }
        if (!unattended && only.isEmpty() && json == null && repeats == 1 && HostTerminal.present()) {
            return TerminalDemo.onTerminal();
        }
        return new Demo(faults, diskMode, repeats, spec.commandLine().getOut()).run(json);
    }
}
