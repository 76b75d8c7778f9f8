package hartbeat.tools.cli;

import hartbeat.tools.UserError;
import hartbeat.tools.compose.BackupMachine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The second side of a pair. */
@Command(
        name = "backup",
        sortOptions = false,
        description = {
            "Follow a primary and take its place when it is gone.",
            "The machine's configuration, kernel, initrd, first state and disks come over the channel, so that two sides",
            "cannot be started unequal."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./hartbeat backup --connect 10.0.0.1:7400 --arbiter dir:/mnt/shared/arbiter --disk-dir disks \\",
            "        --net switch=tcp:10.0.0.5:4020"
        })
public final class BackupCommand implements DirectLine.Taker {
    @Mixin
    final CommonOptions common = new CommonOptions();

    @Option(
            names = {"--connect"},
            paramLabel = "HOST:PORT",
            required = true,
            description = "Where the primary listens.")
    String connect = "";

    @Mixin
    final PairOptions pair = new PairOptions();

    @Option(
            names = {"--disk-dir"},
            paramLabel = "DIR",
            description = "Where this side keeps its copies of the machine's disks, as ID.img.")
    @Nullable
    Path diskDirectory;

    @Option(
            names = {"-drive", "--drive"},
            paramLabel = "file=FILE[,..]",
            description =
                    "A shared disk as this host sees it, for a primary with --disk-mode shared; once for each disk.")
    List<String> drives = new ArrayList<>();

    @Option(
            names = {"-net", "--net"},
            paramLabel = "switch=ADDRESS",
            description = "The switch of the machine's network card, as seen from this host; once for each card.")
    List<String> nets = new ArrayList<>();

    @Mixin
    final ExecutorOption executor = new ExecutorOption();

    @Option(
            names = {"--wait"},
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How long to try while no primary answers (default: ${DEFAULT-VALUE}).")
    int waitSeconds = 10;

    @Override
    public boolean take(String option, DirectLine line) {
        switch (option) {
            case "--connect" -> connect = line.text();
            case "--disk-dir" -> diskDirectory = Path.of(line.text());
            case "--drive" -> drives.add(line.text());
            case "--net" -> nets.add(line.text());
            case "--wait" -> waitSeconds = Integer.parseInt(line.text());
            default -> {
                return pair.take(option, line) || executor.take(option, line);
            }
        }
        return true;
    }

    @Override
    public boolean complete() {
        return pair.complete() && !connect.isEmpty();
    }

    @Override
    public Integer call() throws Exception {
        if (waitSeconds < 0 || waitSeconds > 86_400) {
            throw UserError.usage("--wait: expected=0 to 86400, actual=" + waitSeconds, "for example 10");
        }
        List<DriveOption> shared = new ArrayList<>();
        for (String drive : drives) {
            shared.add(DriveOption.parse(drive, shared.size()));
        }
        return BackupMachine.run(
                HostPortOption.parse("--connect", connect),
                waitSeconds * 1000L,
                new BackupMachine.DiskPlaces(diskDirectory, List.copyOf(shared)),
                executor.kind(),
                pair.side("backup", nets.stream().map(NetOption::parse).toList()));
    }
}
