package hartbeat.tools.compose;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.board.boot.BootImages;
import hartbeat.devices.host.HostException;
import hartbeat.devices.host.disk.DiskStamp;
import hartbeat.ft.arbiter.Arbiter;
import hartbeat.ft.arbiter.host.ArbiterThread;
import hartbeat.ft.channel.Blob;
import hartbeat.ft.channel.Handshake;
import hartbeat.ft.channel.Message;
import hartbeat.ft.channel.Offering;
import hartbeat.ft.channel.Side;
import hartbeat.ft.channel.host.TcpChannel;
import hartbeat.ft.channel.host.TcpListener;
import hartbeat.ft.detector.HeartbeatCodec;
import hartbeat.ft.detector.host.SteadyHeartbeats;
import hartbeat.ft.detector.host.UdpHeartbeats;
import hartbeat.ft.role.Live;
import hartbeat.ft.role.Peer;
import hartbeat.ft.run.DiskMode;
import hartbeat.ft.run.MachineGuest;
import hartbeat.ft.run.Role;
import hartbeat.tools.UserError;
import hartbeat.tools.cli.HostPortOption;
import hartbeat.tools.cli.MachineSpec;
import hartbeat.tools.process.StopAtExit;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** {@code ./hartbeat primary}: builds the machine, waits for a backup, and runs it protected; alone when the backup is lost. */
public final class PrimaryMachine {
    private static final int NONCE_BYTES = 16;

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
            byte[] digest = Configurations.digest(config, images);
            HeartbeatCodec codec = new HeartbeatCodec(
                    pair.arbiter().secret(), config.machineId().toBytes());
            List<Blob> blobs = new ArrayList<>(PairFiles.blobs(images));
            blobs.addAll(disks.blobs());
            // All is ready before a backup comes: from then on it expects to hear of this side at once.
            try (TcpListener listener = listen();
                    UdpHeartbeats heartbeats = heartbeats(listener.port(), codec);
                    MachineHost host = pair.host(built, disks)) {
                pair.lines().tell("listening", Map.of("port", listener.port()));
                pair.notice("waiting for a backup at %s:%d".formatted(listen.host(), listener.port()));
                Message.Configuration configuration = new Message.Configuration(
                        generation, config.machineId().toBytes(), digest, mode, config.encode());
                Runnable claim = () -> claim(generation, disks);
                try (TcpChannel channel = backup(listener, claim, configuration, blobs);
                        SteadyHeartbeats steady = new SteadyHeartbeats(
                                heartbeats, pair.settings(mode).timeouts(), pair.loop()::nowNanos)) {
                    return protect(built, host, generation, new Peer(channel, steady));
                }
            }
        }
    }

    private TcpListener listen() {
        try {
            return new TcpListener(new InetSocketAddress(listen.host(), listen.port()));
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
                "choose another port, or end who uses this one",
                e);
    }

    /**
     * Once a peer has proved itself and before it is told of the machine: a primary that nobody has joined takes no generation from
     * anybody. The stamps before and after it leave the disks startable wherever this process may die.
     */
    private void claim(long generation, Disks disks) {
        pair.stampClaim(disks.stampedImages(), generation);
        pair.arbiter().claim(generation);
        pair.stamp(disks.stampedImages(), generation, DiskStamp.Standing.LIVE);
    }

    /** Waits for a peer that proves itself and takes the machine; others are told why not, and the wait goes on. */
    private TcpChannel backup(
            TcpListener listener, Runnable claim, Message.Configuration configuration, List<Blob> blobs)
            throws IOException {
        while (true) {
            TcpChannel channel = listener.accept(pair.loop()::wake);
            if (made(channel, this::greet)) {
                claimOrRefuse(channel, claim);
                if (made(channel, peer -> offer(peer, configuration, blobs))) {
                    return channel;
                }
            }
        }
    }

    /** Takes one step with a peer; if it fails, the peer is told, and the next may come. */
    private boolean made(TcpChannel channel, Consumer<TcpChannel> step) {
        try {
            step.accept(channel);
            return true;
        } catch (UserError e) {
            pair.notice("a peer was refused: " + e.getMessage());
            channel.close();
            return false;
        }
    }

    private static void claimOrRefuse(TcpChannel channel, Runnable claim) {
        try {
            claim.run();
        } catch (UserError e) {
            channel.send(new Message.Refused(String.valueOf(e.getMessage())));
            channel.close();
            throw e;
        }
    }

    private void greet(TcpChannel channel) {
        byte[] nonce = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        Handshake handshake = new Handshake(
                channel,
                Side.PRIMARY,
                pair.arbiter().secret(),
                nonce,
                pair.arbiter().claimant());
        new PairLoop(pair.loop(), pair.lines()).make(new Steps.OfHandshake(handshake));
        pair.notice("backup is " + handshake.peerName());
    }

    private void offer(TcpChannel channel, Message.Configuration configuration, List<Blob> blobs) {
        new PairLoop(pair.loop(), pair.lines()).make(new Steps.OfOffering(new Offering(channel, configuration, blobs)));
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
