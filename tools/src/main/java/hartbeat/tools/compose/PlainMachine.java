package hartbeat.tools.compose;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.board.boot.BootImages;
import hartbeat.devices.host.HostException;
import hartbeat.devices.host.entropy.EntropyBackend;
import hartbeat.emulator.io.Input;
import hartbeat.ft.run.DiskMode;
import hartbeat.ft.run.MachineGuest;
import hartbeat.ft.run.PlainRun;
import hartbeat.ft.run.Role;
import hartbeat.ft.run.host.RealTimeLoop;
import hartbeat.tools.ExitCode;
import hartbeat.tools.UserError;
import hartbeat.tools.cli.MachineSpec;
import hartbeat.tools.process.StopAtExit;
import hartbeat.tools.text.Json;
import hartbeat.tools.text.OutputFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code ./hartbeat run}: a machine without protection, its console on this process's terminal or pipes. */
public final class PlainMachine {
    private final MachineSpec spec;
    private final Options options;

    /**
     * What else the command line says.
     *
     * @param dumpDtb where to write the device tree; the machine is not run then
     * @param noReboot whether a reset ends the run
     * @param record log file to write
     * @param json file for the run's figures
     */
    public record Options(
            @Nullable Path dumpDtb,
            boolean noReboot,
            @Nullable Path record,
            @Nullable Path json) {}

    public PlainMachine(MachineSpec spec, Options options) {
        this.spec = spec;
        this.options = options;
    }

    /** Runs until the guest switches itself off or the user leaves. */
    public int run() throws IOException, HostException {
        long started = System.nanoTime();
        OutputFile.require("--json", options.json());
        OutputFile.require("--dumpdtb", options.dumpDtb());
        BootImages images = options.dumpDtb() == null ? BootFiles.read(spec) : BootFiles.named(spec);
        try (Disks disks = Disks.open(spec.drives(), DiskMode.REPLICATED)) {
            disks.refuseFollowers();
            BoardConfig config = Configurations.of(spec, disks.configs());
            if (options.dumpDtb() != null) {
                Files.write(options.dumpDtb(), Boards.deviceTree(config, images));
                return ExitCode.DONE;
            }
            BuiltMachine built = Boards.build(config, images, spec.executor());
            return run(built, images, disks, started);
        }
    }

    private int run(BuiltMachine built, BootImages images, Disks disks, long started)
            throws IOException, HostException {
        RealTimeLoop loop = new RealTimeLoop();
        MachineGuest guest = new MachineGuest(built.machine());
        // An earlier recording is given up last, when nothing else can fail any more.
        try (OwnSwitch lan = OwnSwitch.of(spec.nets());
                MachineHost host = new MachineHost(guest.devices(), loop::wake, _ -> {});
                Recording recording = Recording.open(options.record(), built.config(), images, spec, guest)) {
            PlainRun run = new PlainRun(guest, host, wallClock(), recording.recorder());
            RoleTasks tasks = new RoleTasks(recording.around(run), loop::wake);
            if (options.noReboot()) {
                host.onReset(() -> tasks.end(new Role.Outcome(ExitCode.DONE, "the guest asked for a reset")));
            }
            disks.connect(host, built.indexes().drives());
            host.entropy(built.indexes().rng(), new EntropyBackend(host.sink()));
            Lans.connect(host, built, lan.addresses(), null, "run", loop::wake);
            Monitor monitor = new Monitor(tasks, guest, built.machine(), run.inputs()::mips);
            Role.Outcome outcome;
            try (StopAtExit stop = new StopAtExit(monitor::quit)) {
                try (LocalConsole console = LocalConsole.open(host, built.consoles(), loop::wake, monitor)) {
                    outcome = loop.run(tasks);
                }
                recording.end(outcome);
                figures(guest, outcome, started);
            }
            return exit(outcome);
        }
    }

    private void figures(MachineGuest guest, Role.@Nullable Outcome outcome, long started) {
        if (options.json() == null) {
            return;
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("instructions", guest.icount());
        json.put("seconds", seconds);
        json.put("mips", guest.icount() / seconds / 1e6);
        json.put("exitCode", outcome == null ? ExitCode.FAILED : outcome.exitCode());
        json.put("reason", outcome == null ? "interrupted" : outcome.message());
        OutputFile.write("--json", options.json(), Json.pretty(json));
    }

    /** A failure's reason is one line on standard error; the ordinary end says nothing. */
    static int exit(Role.@Nullable Outcome outcome) {
        if (outcome == null) {
            throw UserError.failed("interrupted", null);
        }
        if (outcome.exitCode() != ExitCode.DONE) {
            throw UserError.of(outcome.exitCode(), outcome.message(), null);
        }
        return ExitCode.DONE;
    }

    static Input.WallClock wallClock() {
        Instant now = Instant.now();
        return new Input.WallClock(now.getEpochSecond() * 1_000_000_000L + now.getNano());
    }
}
