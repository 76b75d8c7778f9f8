package hartbeat.tools.compose;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.board.boot.BootImages;
import hartbeat.devices.host.HostException;
import hartbeat.devices.host.disk.DiskStamp;
import hartbeat.emulator.executor.translator.ExecutorKind;
import hartbeat.emulator.state.StateFormatException;
import hartbeat.ft.arbiter.host.ArbiterThread;
import hartbeat.ft.channel.Joining;
import hartbeat.ft.channel.Message;
import hartbeat.ft.channel.host.TcpChannel;
import hartbeat.ft.detector.HeartbeatCodec;
import hartbeat.ft.detector.host.UdpHeartbeats;
import hartbeat.ft.role.Backup;
import hartbeat.ft.role.BackupStart;
import hartbeat.ft.role.Peer;
import hartbeat.ft.run.DiskMode;
import hartbeat.ft.run.Guest;
import hartbeat.ft.run.MachineGuest;
import hartbeat.ft.run.Role;
import hartbeat.tools.ExitCode;
import hartbeat.tools.UserError;
import hartbeat.tools.cli.DriveOption;
import hartbeat.tools.cli.HostPortOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** {@code ./hartbeat backup}: takes machine, images and disks from a primary, follows its log, and goes live in its place. */
public final class BackupMachine {
    private static final int CONNECT_MILLIS = 3_000;
    private static final long FIRST_RETRY_NANOS = 2_000_000;
    private static final long LONGEST_RETRY_NANOS = 100_000_000;

    /** Both sides are often started at once: then this one tries more often, for as long as the other may take. */
    private static final long TOGETHER_NANOS = 2_000_000_000;

    private static final long LONGEST_RETRY_TOGETHER_NANOS = 10_000_000;

    private final HostPortOption primary;
    private final long waitMillis;
    private final DiskPlaces places;
    private final ExecutorKind executor;
    private final PairMachine pair;

    /**
     * Where a backup finds disks, depending on the mode that the primary tells it.
     *
     * @param directory for this side's copies; null if it has no place for any
     * @param shared the shared images as this host sees them, in the order of the machine's disks
     */
    public record DiskPlaces(@Nullable Path directory, List<DriveOption> shared) {}

    private BackupMachine(
            HostPortOption primary, long waitMillis, DiskPlaces places, ExecutorKind executor, PairMachine pair) {
        this.primary = primary;
        this.waitMillis = waitMillis;
        this.places = places;
        this.executor = executor;
        this.pair = pair;
    }

    /**
     * Runs a backup from beginning to end.
     *
     * @param waitMillis how long to try while nobody listens there
     * @return the exit code
     */
    public static int run(
            HostPortOption primary, long waitMillis, DiskPlaces places, ExecutorKind executor, PairSide side)
            throws IOException, HostException {
        try (StatusLines lines = StatusLines.open(side.statusJson());
                PairMachine pair = new PairMachine(side, lines, PairArbiter::existing)) {
            return new BackupMachine(primary, waitMillis, places, executor, pair).run();
        }
    }

    /** Runs until the machine ends, or this side is fenced or diverges. */
    private int run() throws IOException, HostException {
        InetSocketAddress address = primary.resolve("--connect");
        try (TcpChannel channel = connect(address);
                PairFiles.Store store = new PairFiles.Store(places.directory())) {
            Joining joining = join(channel, store);
            Message.Configuration configuration = joining.configuration();
            if (configuration == null) {
                throw UserError.failed("the primary sent no machine", null);
            }
            BoardConfig config = decode(configuration, joining);
            BootImages images = store.bootImages();
            try (Disks disks = disks(config, configuration.disk(), store)) {
                BuiltMachine built = Boards.build(config, images, executor);
                pair.stamp(disks.stampedImages(), configuration.generation(), DiskStamp.Standing.FOLLOWING);
                HeartbeatCodec codec = new HeartbeatCodec(
                        pair.arbiter().secret(), config.machineId().toBytes());
                try (UdpHeartbeats heartbeats = UdpHeartbeats.connect(address, codec)) {
                    return follow(
                            built,
                            disks,
                            configuration,
                            new Peer(channel, heartbeats),
                            () -> joining.ready(images.digest(config)));
                }
            } catch (HostException | UserError e) {
                joining.refuse(String.valueOf(e.getMessage()));
                throw e;
            }
        }
    }

    private TcpChannel connect(InetSocketAddress address) {
        long deadline = System.nanoTime() + waitMillis * 1_000_000;
        long together = System.nanoTime() + TOGETHER_NANOS;
        // Then this one gets ready, too, while the other does.
        WarmUp.ofAny(executor);
        for (long retry = FIRST_RETRY_NANOS; true; retry = longer(retry, together)) {
            try {
                return TcpChannel.connect(address, CONNECT_MILLIS, pair.loop());
            } catch (IOException e) {
                if (System.nanoTime() >= deadline) {
                    throw UserError.failed(
                            "no primary answers at %s:%d: %s".formatted(primary.host(), primary.port(), e.getMessage()),
                            "start ./hartbeat primary --listen %s:%d there first"
                                    .formatted(primary.host(), primary.port()),
                            e);
                }
                LockSupport.parkNanos(retry);
            }
        }
    }

    private static long longer(long retry, long togetherUntil) {
        boolean together = System.nanoTime() < togetherUntil;
        return Math.min(retry + retry / 4, together ? LONGEST_RETRY_TOGETHER_NANOS : LONGEST_RETRY_NANOS);
    }

    private Joining join(TcpChannel channel, PairFiles.Store store) {
        BackupStart start = new BackupStart(pair.identity(), channel, store, pair::notice);
        boolean unused = new PairLoop(pair.loop(), pair.lines()).make(start, () -> false);
        return start.joining();
    }

    private static BoardConfig decode(Message.Configuration configuration, Joining joining) {
        try {
            return BoardConfig.decode(configuration.description());
        } catch (StateFormatException e) {
            joining.refuse(String.valueOf(e.getMessage()));
            throw UserError.failed(
                    "the primary's machine cannot be read: " + e.getMessage(),
                    "run the same Hartbeat on both hosts",
                    e);
        }
    }

    private Disks disks(BoardConfig config, DiskMode mode, PairFiles.Store store) throws HostException, IOException {
        return switch (mode) {
            case REPLICATED -> Disks.open(copies(config, store), mode);
            case SHARED -> shared(config);
        };
    }

    private List<DriveOption> copies(BoardConfig config, PairFiles.Store store) {
        if (!places.shared().isEmpty()) {
            throw UserError.failed(
                    "--drive is given, but the primary's disks are not shared",
                    "leave it out, or start the primary with --disk-mode shared");
        }
        List<DriveOption> copies = new ArrayList<>();
        for (BoardConfig.Drive drive : config.drives()) {
            Path copy = store.disk(drive.id());
            if (copy == null) {
                throw UserError.failed("the primary sent no contents of disk " + drive.id(), null);
            }
            copies.add(new DriveOption(copy, drive.readOnly(), drive.id()));
        }
        return copies;
    }

    /** The shared images, if they are what the primary's machine has. */
    private Disks shared(BoardConfig config) throws HostException, IOException {
        Disks disks = Disks.open(places.shared(), DiskMode.SHARED);
        if (!disks.configs().equals(config.drives())) {
            disks.close();
            throw UserError.failed(
                    "shared disks: expected=%s, actual=%s".formatted(config.drives(), disks.configs()),
                    "give this side the primary's --drive options with the paths that this host sees");
        }
        return disks;
    }

    private int follow(
            BuiltMachine built, Disks disks, Message.Configuration configuration, Peer peer, Runnable ready) {
        try (MachineHost host = pair.host(built, disks)) {
            Guest guest = new ObservedGuest(new MachineGuest(built.machine()), host::observe);
            ArbiterThread arbiter = new ArbiterThread(pair.arbiter().directory(), pair.loop()::wake);
            long generation = configuration.generation();
            Backup backup = new Backup(pair.settings(configuration.disk()), guest, host, arbiter, generation, peer);
            ready.run();
            pair.lines().tell("connected", Map.of("generation", generation));
            Role.Outcome outcome = new PairLoop(pair.loop(), pair.lines()).run(backup, backup::status);
            boolean settled = pair.settle(outcome, host);
            if (settled && outcome.exitCode() == ExitCode.DONE && !pair.wasLive()) {
                pair.stamp(disks.stampedImages(), generation, DiskStamp.Standing.COMPLETE);
            }
            return pair.end(outcome, host);
        }
    }
}
