package hartbeat.tools.cli;

import hartbeat.tools.UserError;
import hartbeat.tools.compose.PlainMachine;
import hartbeat.tools.compose.ReplayMachine;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A machine without protection, its console in this terminal. */
@Command(
        name = "run",
        sortOptions = false,
        description = {"Run a machine, its console in this terminal.", "It has no protection. Ctrl-A h shows the keys."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./hartbeat run                                         the Linux guest of this project",
            "  ./hartbeat run --kernel Image --initrd initramfs.cpio.gz --append 'console=ttyS0' \\",
            "        --drive file=disk.img,format=raw --net passt,forward=127.0.0.1:8080=80",
            "  ./hartbeat run --bios none --kernel prog.elf           a bare-metal program; HTIF ends it",
            "  ./hartbeat run --dumpdtb virt.dtb                      the device tree; read it with dtc -I dtb",
            "  echo poweroff | ./hartbeat run                         console on pipes; what is typed waits for the guest",
            "  ./hartbeat run --record run.log                        and later: ./hartbeat run --replay run.log"
        })
public final class RunCommand implements DirectLine.Taker {
    private static final Set<String> WITH_REPLAY = Set.of("--replay", "--executor", "--debug");

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    final CommonOptions common = new CommonOptions();

    @Mixin
    private final MachineOptions machine = new MachineOptions();

    @Option(
            names = {"--no-reboot"},
            description = "End when the guest asks for a reset.")
    boolean noReboot;

    @Option(
            names = {"--record"},
            paramLabel = "FILE",
            description = "Write every input of the machine, and digests of its state, to a log file.")
    @Nullable
    Path record;

    @Option(
            names = {"--replay"},
            paramLabel = "FILE",
            description = "Run from a log file instead of the host; the machine is built as the file says.")
    @Nullable
    Path replay;

    @Option(
            names = {"--json"},
            paramLabel = "FILE",
            description = "Write the run's figures (instructions, seconds, MIPS, exit code) to a file.")
    @Nullable
    Path json;

    /** The log says which machine to build and what happens to it; only how it is run is left to say. */
    private void requireAlone() {
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptionsSet()) {
            if (!WITH_REPLAY.contains(option.longestName())) {
                throw UserError.usage(
                        "--replay and " + option.longestName() + " exclude each other",
                        "the log says which machine to build; only --executor may be chosen");
            }
        }
    }

    @Override
    public boolean take(String option, DirectLine line) {
        switch (option) {
            case "--no-reboot" -> noReboot = true;
            case "--record" -> record = Path.of(line.text());
            case "--json" -> json = Path.of(line.text());
            default -> {
                return machine.take(option, line);
            }
        }
        return true;
    }

    @Override
    public boolean complete() {
        return true;
    }

    @Override
    public Integer call() throws Exception {
        if (replay != null) {
            requireAlone();
            return new ReplayMachine(replay, machine.executor.kind())
                    .run(
                            new FileOutputStream(FileDescriptor.out),
                            spec.commandLine().getErr());
        }
        return new PlainMachine(machine.spec(), new PlainMachine.Options(machine.dumpDtb, noReboot, record, json))
                .run();
    }
}
