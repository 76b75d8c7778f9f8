package hartbeat.tools.compose;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.board.boot.BootImages;
import hartbeat.devices.host.HostException;
import hartbeat.devices.host.disk.DiskStamp;
import hartbeat.ft.arbiter.Arbiter;
import hartbeat.ft.arbiter.host.ArbiterThread;
import hartbeat.ft.channel.Blob;
import hartbeat.ft.channel.Message;
import hartbeat.ft.channel.host.RefusingDoor;
import hartbeat.ft.channel.host.TcpChannel;
import hartbeat.ft.channel.host.TcpListener;
import hartbeat.ft.detector.HeartbeatCodec;
import hartbeat.ft.detector.host.SteadyHeartbeats;
import hartbeat.ft.detector.host.UdpHeartbeats;
import hartbeat.ft.role.Live;
import hartbeat.ft.role.Peer;
import hartbeat.ft.role.PrimaryStart;
import hartbeat.ft.run.DiskMode;
import hartbeat.ft.run.MachineGuest;
import hartbeat.ft.run.Role;
import hartbeat.tools.UserError;
import hartbeat.tools.cli.HostPortOption;
import hartbeat.tools.cli.MachineSpec;
import hartbeat.tools.process.StopAtExit;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code ./hartbeat primary}: builds the machine, waits for a backup, and runs it protected; alone when the backup is lost. */
public final class PrimaryMachine {
    private final MachineSpec spec;
    private final HostPortOption listen;
    private final DiskMode mode;
    private final PairMachine pair;

    private PrimaryMachine(MachineSpec spec, HostPortOption listen, DiskMode mode, PairMachine pair) {
        this.spec = spec;
        this.listen = listen;
        this.mode = mode;
        this.pair = pair;
    }

    /** Runs a primary from beginning to end; the exit code. */
    public static int run(MachineSpec spec, HostPortOption listen, DiskMode mode, PairSide side)
            throws IOException, HostException {
        try (StatusLines lines = StatusLines.open(side.statusJson());
                PairMachine pair = new PairMachine(side, lines, PairArbiter::create)) {
            return new PrimaryMachine(spec, listen, mode, pair).run();
        }
    }

    /** Runs until the guest switches itself off, the user stops it, or this side is fenced. */
    private int run() throws IOException, HostException {
        BootImages images = BootFiles.read(spec);
        try (Disks disks = Disks.open(spec.drives(), mode)) {
            Arbiter.Highest found = pair.arbiter().highest();
            disks.requireCurrent(pair.arbiter().pairId(), found.generation(), PairArbiter.claimOf(found.holder()));
            long generation = found.generation() + 1;
            BoardConfig config = Configurations.of(spec, disks.configs());
            BuiltMachine built = Boards.build(config, images, spec.executor());
            byte[] digest = images.digest(config);
            HeartbeatCodec codec = new HeartbeatCodec(
                    pair.arbiter().secret(), config.machineId().toBytes());
            List<Blob> blobs = new ArrayList<>(PairFiles.blobs(images));
            blobs.addAll(disks.blobs());
            // All is ready before a backup comes: from then on it expects to hear of this side at once.
            try (TcpListener listener = listen();
                    UdpHeartbeats heartbeats = heartbeats(listener.port(), codec);
                    MachineHost host = pair.host(built, disks)) {
                pair.lines().tell("listening", Map.of("port", listener.port()));
                pair.notice("waiting for a backup at " + listen.host() + ':' + listener.port());
                Message.Configuration configuration = new Message.Configuration(
                        generation, config.machineId().toBytes(), digest, mode, config.encode());
                try (TcpChannel channel = backup(listener, starting(disks, configuration, blobs), built, images);
                        RefusingDoor door = new RefusingDoor(listener, () -> taken(generation), pair::notice);
                        SteadyHeartbeats steady = new SteadyHeartbeats(
                                heartbeats, pair.settings(mode).timeouts(), pair.loop()::nowNanos)) {
                    return protect(built, host, generation, new Peer(channel, steady));
                }
            }
        }
    }

    private TcpListener listen() {
        InetSocketAddress address = listen.resolve("--listen");
        try {
            return new TcpListener(address);
        } catch (IOException e) {
            throw cannotListen("TCP", listen.port(), e);
        }
    }

    /** Heartbeats come to the UDP port of the same number. */
    private UdpHeartbeats heartbeats(int port, HeartbeatCodec codec) {
        try {
            return UdpHeartbeats.listen(new InetSocketAddress(listen.host(), port), codec);
        } catch (IOException e) {
            throw cannotListen("UDP", port, e);
        }
    }

    private UserError cannotListen(String protocol, int port, IOException e) {
        return UserError.failed(
                "cannot listen on %s port %s:%d: %s".formatted(protocol, listen.host(), port, e.getMessage()),
                UserError.listenHint(e),
                e);
    }

    private PrimaryStart starting(Disks disks, Message.Configuration configuration, List<Blob> blobs) {
        return new PrimaryStart(
                pair.identity(),
                new ArbiterThread(pair.arbiter().directory(), pair.loop()::wake),
                stamps(disks),
                configuration,
                blobs,
                pair::notice);
    }

    /** Waits for a peer that proves itself and takes the machine; others are told why not, and the wait goes on. */
    private TcpChannel backup(TcpListener listener, PrimaryStart start, BuiltMachine built, BootImages images)
            throws IOException {
        PairLoop steps = new PairLoop(pair.loop(), pair.lines());
        try (WarmUp _ = new WarmUp(built.config(), images, spec.executor())) {
            while (true) {
                TcpChannel channel = listener.accept(pair.loop());
                start.accept(channel, channel.peer());
                if (steps.make(start, start::wantsPeer)) {
                    return channel;
                }
            }
        }
    }

    /** Why a peer that comes now is not taken. */
    private String taken(long generation) {
        return pair.liveGeneration() > generation
                ? "this primary's machine has lost its backup and goes on alone, hint: end it, and start a new pair"
                : "this primary has a backup already, hint: is this the right primary?";
    }

    private PrimaryStart.Stamps stamps(Disks disks) {
        return new PrimaryStart.Stamps() {
            @Override
            public void claiming(long generation) {
                pair.stampClaim(disks.stampedImages(), generation);
            }

            @Override
            public void won(long generation) {
                pair.stamp(disks.stampedImages(), generation, DiskStamp.Standing.LIVE);
            }
        };
    }

    private int protect(BuiltMachine built, MachineHost host, long generation, Peer peer) {
        MachineGuest guest = new MachineGuest(built.machine());
        ArbiterThread arbiter = new ArbiterThread(pair.arbiter().directory(), pair.loop()::wake);
        Live live = Live.primary(pair.settings(mode), guest, host, arbiter, generation, peer, PlainMachine.wallClock());
        RoleTasks tasks = new RoleTasks(live, pair.loop()::wake);
        // The backup has to be told that nobody is to take over.
        try (StopAtExit stop = new StopAtExit(() -> tasks.ask(() -> stop(live)))) {
            pair.lines().tell("protected", Map.of("generation", generation));
            Role.Outcome outcome = new PairLoop(pair.loop(), pair.lines()).run(tasks, live::status);
            boolean unused = pair.settle(outcome, host);
            return pair.end(outcome, host);
        }
    }

    private boolean stop(Live live) {
        live.stop("stopped by the user", pair.loop().nowNanos());
        return true;
    }
}
