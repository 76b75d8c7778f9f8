package hartbeat.tools.cli;

import hartbeat.ft.run.DiskMode;
import hartbeat.tools.UserError;
import hartbeat.tools.compose.PrimaryMachine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The first side of a pair. */
@Command(
        name = "primary",
        sortOptions = false,
        description = {
            "Run a machine with a backup on another host.",
            "The machine starts when the backup has joined; it gets the configuration, the boot images and the contents",
            "of the disks from here."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./hartbeat primary --kernel Image --initrd initramfs.cpio.gz --append console=ttyS0 \\",
            "        --drive file=disk.img,format=raw,id=data --net switch=tcp:10.0.0.5:4020 \\",
            "        --listen 0.0.0.0:7400 --arbiter dir:/mnt/shared/arbiter",
            "  and on the other host:",
            "  ./hartbeat backup --connect 10.0.0.1:7400 --arbiter dir:/mnt/shared/arbiter --disk-dir disks \\",
            "        --net switch=tcp:10.0.0.5:4020"
        })
public final class PrimaryCommand implements DirectLine.Taker {
    @Mixin
    final CommonOptions common = new CommonOptions();

    @Mixin
    final MachineOptions machine = new MachineOptions();

    @Mixin
    final PairOptions pair = new PairOptions();

    @Option(
            names = {"--listen"},
            paramLabel = "HOST:PORT",
            required = true,
            description = "Where the backup connects: TCP for the log, UDP on the same port for heartbeats.")
    String listen = "";

    @Option(
            names = {"--disk-mode"},
            paramLabel = "replicated|shared",
            defaultValue = "replicated",
            description = {
                "replicated: the backup gets a copy of each disk and writes it itself (default).",
                "shared: both hosts see the same images; the live side alone touches them."
            })
    DiskMode diskMode = DiskMode.REPLICATED;

    @Override
    public boolean take(String option, DirectLine line) {
        if (option.equals("--listen")) {
            listen = line.text();
            return true;
        }
        return machine.take(option, line) || pair.take(option, line);
    }

    @Override
    public boolean complete() {
        return pair.complete() && !listen.isEmpty();
    }

    @Override
    public Integer call() throws Exception {
        MachineSpec spec = machine.spec();
        if (machine.dumpDtb != null) {
            throw UserError.usage("--dumpdtb is an option of run", "./hartbeat run --dumpdtb FILE");
        }
        return PrimaryMachine.run(
                spec, HostPortOption.parse("--listen", listen), diskMode, pair.side("primary", spec.nets()));
    }
}
