package hartbeat.bench.jmh;

import hartbeat.emulator.io.Input;
import hartbeat.ft.arbiter.Arbiter;
import hartbeat.ft.channel.Channel;
import hartbeat.ft.channel.Handshake;
import hartbeat.ft.channel.Secret;
import hartbeat.ft.channel.Side;
import hartbeat.ft.channel.host.TcpChannel;
import hartbeat.ft.channel.host.TcpListener;
import hartbeat.ft.detector.HeartbeatCodec;
import hartbeat.ft.detector.Timeouts;
import hartbeat.ft.detector.host.UdpHeartbeats;
import hartbeat.ft.role.Backup;
import hartbeat.ft.role.Live;
import hartbeat.ft.role.Peer;
import hartbeat.ft.role.Settings;
import hartbeat.ft.run.DiskMode;
import hartbeat.ft.run.Guest;
import hartbeat.ft.run.Role;
import hartbeat.ft.run.host.RealTimeLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A primary and its backup, each on a thread of this process, over TCP and UDP on loopback. */
final class Pair implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 5_000;

    private final TcpListener listener;
    private final UdpHeartbeats primaryBeats;
    private final UdpHeartbeats backupBeats;
    private final TcpChannel channel;
    private final Thread backupThread;
    private final Live primary;

    /** @param primaryLoop on which the primary is polled */
    Pair(RealTimeLoop primaryLoop, Guest first, Guest second) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        Secret secret = new Secret(new byte[32]);
        HeartbeatCodec codec = new HeartbeatCodec(secret, new byte[16]);
        listener = new TcpListener(new InetSocketAddress(loopback, 0));
        InetSocketAddress address = new InetSocketAddress(loopback, listener.port());
        primaryBeats = UdpHeartbeats.listen(address, codec);
        backupBeats = UdpHeartbeats.connect(address, codec);
        backupThread = Thread.ofPlatform().daemon().name("backup").start(() -> follow(address, secret, second));
        channel = listener.accept(primaryLoop);
        shake(primaryLoop, channel, Side.PRIMARY, secret);
        primary = Live.primary(
                settings("primary"),
                first,
                new NullHost(),
                new NobodyWins(),
                1,
                new Peer(channel, primaryBeats),
                new Input.WallClock(1));
    }

    Role primary() {
        return primary;
    }

    @Override
    public void close() throws IOException {
        backupThread.interrupt();
        try {
            backupThread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        channel.close();
        backupBeats.close();
        primaryBeats.close();
        listener.close();
    }

    private void follow(InetSocketAddress address, Secret secret, Guest guest) {
        RealTimeLoop loop = new RealTimeLoop();
        try (TcpChannel toPrimary = TcpChannel.connect(address, TIMEOUT_MILLIS, loop)) {
            shake(loop, toPrimary, Side.BACKUP, secret);
            Peer peer = new Peer(toPrimary, backupBeats);
            Role.Outcome outcome =
                    loop.run(new Backup(settings("backup"), guest, new NullHost(), new NobodyWins(), 1, peer));
            if (outcome != null) {
                throw new IllegalStateException("the backup has ended: " + outcome.message());
            }
        } catch (IOException e) {
            throw new IllegalStateException("the backup has no connection", e);
        }
    }

    /** Nobody takes over here: a backup that wants to is told that another was first. */
    private static final class NobodyWins implements Arbiter {
        private @Nullable Answer answer;

        @Override
        public void ask(Question question) {
            answer = switch (question) {
                case Claim claim -> new Lost(claim.generation(), "nobody");
                case Look _ -> new Highest(1, "primary");
            };
        }

        @Override
        public @Nullable Answer poll() {
            Answer given = answer;
            answer = null;
            return given;
        }
    }

    private static Settings settings(String name) {
        return new Settings(name, DiskMode.REPLICATED, Timeouts.suspectingAfter(20_000), _ -> {});
    }

    private static void shake(RealTimeLoop loop, Channel channel, Side side, Secret secret) {
        byte[] nonce = new byte[16];
        Arrays.fill(nonce, (byte) side.ordinal());
        Handshake handshake = new Handshake(channel, side, secret, nonce, side.name());
        Role.Outcome outcome = loop.run(new Role() {
            @Override
            public long poll(long nowNanos) {
                return handshake.poll(nowNanos);
            }

            @Override
            public @Nullable Outcome outcome() {
                if (handshake.failure() != null) {
                    return new Outcome(Outcome.FAILED, handshake.failure());
                }
                return handshake.done() ? new Outcome(Outcome.DONE, "") : null;
            }
        });
        if (outcome == null || outcome.exitCode() != Role.Outcome.DONE) {
            throw new IllegalStateException("handshake: " + outcome);
        }
    }
}
