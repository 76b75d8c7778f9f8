package hartbeat.ft.host;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.io.Input;
import hartbeat.ft.arbiter.Arbiter;
import hartbeat.ft.arbiter.host.ArbiterThread;
import hartbeat.ft.arbiter.host.DirectoryArbiter;
import hartbeat.ft.channel.Channel;
import hartbeat.ft.channel.Handshake;
import hartbeat.ft.channel.Message;
import hartbeat.ft.channel.MessageCodec;
import hartbeat.ft.channel.Secret;
import hartbeat.ft.channel.Side;
import hartbeat.ft.channel.host.RefusingDoor;
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
import hartbeat.ft.run.Role;
import hartbeat.ft.run.Step;
import hartbeat.ft.run.host.RealTimeLoop;
import hartbeat.ft.sim.SimHost;
import hartbeat.ft.sim.SimLan;
import hartbeat.ft.sim.ToyGuest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The edges: a pair over TCP and UDP on loopback, in real time, with the arbiter on a directory. */
@Timeout(60)
final class TcpPairTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @TempDir
    Path directory;

    /** A role with a host that is told the time, which ends when something has come true. */
    private record Until(Role role, SimHost host, BooleanSupplier wanted) implements Role {
        @Override
        public long poll(long nowNanos) {
            host.now(nowNanos);
            long next = role.poll(nowNanos);
            return Math.min(next, Math.min(host.nextNanos(), nowNanos + 1_000_000));
        }

        @Override
        public @Nullable Outcome outcome() {
            return wanted.getAsBoolean() ? new Outcome(Outcome.DONE, "as wanted") : role.outcome();
        }
    }

    @Test
    void backupTakesOverWhenTheConnectionCloses() throws IOException, ExecutionException, InterruptedException {
        DirectoryArbiter arbiter = new DirectoryArbiter(directory);
        Secret secret = new Secret(arbiter.secret());
        assertThat(arbiter.claim(new Arbiter.Claim(1, "primary"))).isEqualTo(new Arbiter.Won(1));
        HeartbeatCodec codec = new HeartbeatCodec(secret, new byte[16]);
        RealTimeLoop primaryLoop = new RealTimeLoop();
        RealTimeLoop backupLoop = new RealTimeLoop();
        SimLan lan = new SimLan();
        byte[] disk = new byte[64 * 512];
        SimHost primaryHost = new SimHost("primary", lan, disk, 1);
        SimHost backupHost = new SimHost("backup", lan, disk.clone(), 2);
        try (TcpListener listener = new TcpListener(new InetSocketAddress(LOOPBACK, 0));
                UdpHeartbeats primaryBeats =
                        UdpHeartbeats.listen(new InetSocketAddress(LOOPBACK, listener.port()), codec);
                UdpHeartbeats backupBeats =
                        UdpHeartbeats.connect(new InetSocketAddress(LOOPBACK, listener.port()), codec)) {
            FutureTask<Backup> backupSide = new FutureTask<>(() -> {
                TcpChannel channel =
                        TcpChannel.connect(new InetSocketAddress(LOOPBACK, listener.port()), 1_000, backupLoop);
                shake(backupLoop, channel, Side.BACKUP, secret);
                Backup backup = new Backup(
                        settings("backup"),
                        new ToyGuest(),
                        backupHost,
                        new ArbiterThread(arbiter, backupLoop::wake),
                        1,
                        new Peer(channel, backupBeats));
                backupLoop.run(new Until(backup, backupHost, () -> backup.live() != null));
                return backup;
            });
            Thread.ofPlatform().start(backupSide);
            try (TcpChannel channel = listener.accept(primaryLoop)) {
                shake(primaryLoop, channel, Side.PRIMARY, secret);
                Live primary = Live.primary(
                        settings("primary"),
                        new ToyGuest(),
                        primaryHost,
                        new ArbiterThread(arbiter, primaryLoop::wake),
                        1,
                        new Peer(channel, primaryBeats),
                        new Input.WallClock(1));
                Role.Outcome outcome = primaryLoop.run(new Until(primary, primaryHost, () -> {
                    var status = primary.status(primaryLoop.nowNanos());
                    return status.digests() >= 3 && status.releasedOutputs() > 100;
                }));
                assertThat(outcome).isEqualTo(new Role.Outcome(0, "as wanted"));
            }
            Backup backup = backupSide.get();
            assertThat(backup.outcome()).isNull();
            assertThat(backup.live()).isNotNull();
            assertThat(backup.live().generation()).isEqualTo(2);
            assertThat(arbiter.look()).isEqualTo(new Arbiter.Highest(2, "backup"));
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
                return handshake.done()
                        ? new Outcome(0, "")
                        : handshake.failure() == null ? null : new Outcome(1, handshake.failure());
            }
        });
        assertThat(outcome).isEqualTo(new Role.Outcome(0, ""));
    }

    @Test
    void garbageOnThePortClosesThatConnectionWithOneLine() throws IOException {
        RealTimeLoop loop = new RealTimeLoop();
        try (TcpListener listener = new TcpListener(new InetSocketAddress(LOOPBACK, 0));
                Socket browser = new Socket(LOOPBACK, listener.port());
                TcpChannel channel = listener.accept(loop)) {
            browser.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            Handshake handshake =
                    new Handshake(channel, Side.PRIMARY, new Secret(new byte[32]), new byte[16], "primary");
            Role.Outcome outcome = loop.run(ending(handshake));
            assertThat(outcome).isNotNull();
            assertThat(outcome.message()).contains("the peer is no Hartbeat, or the wrong port");
        }
    }

    /** It would else wait for a greeting, and end with the guess that the other side is no Hartbeat. */
    @Test
    void whoComesToAPairThatRunsIsToldSoAtOnce() throws IOException {
        RealTimeLoop loop = new RealTimeLoop();
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        TcpListener listener = new TcpListener(new InetSocketAddress(LOOPBACK, 0));
        InetSocketAddress at = new InetSocketAddress(LOOPBACK, listener.port());
        try (RefusingDoor door = new RefusingDoor(listener, () -> "a backup is here", told::add)) {
            for (int i = 0; i < 3; i++) {
                try (TcpChannel channel = TcpChannel.connect(at, 1_000, loop)) {
                    Handshake handshake =
                            new Handshake(channel, Side.BACKUP, new Secret(new byte[32]), new byte[16], "backup");
                    Role.Outcome outcome = loop.run(ending(handshake));
                    assertThat(outcome).isEqualTo(new Role.Outcome(1, "peer refused: a backup is here"));
                    assertThat(told.poll())
                            .contains("a peer at " + LOOPBACK.getHostAddress() + ":", "a backup is here");
                }
            }
        }
    }

    private static Role ending(Handshake handshake) {
        return new Role() {
            @Override
            public long poll(long nowNanos) {
                return handshake.poll(nowNanos);
            }

            @Override
            public @Nullable Outcome outcome() {
                String failure = handshake.failure();
                return failure == null ? null : new Outcome(1, failure);
            }
        };
    }

    @Test
    void boundedBufferRefusesAndTellsWhenThereIsRoomAgain() throws IOException {
        RealTimeLoop senderLoop = new RealTimeLoop();
        RealTimeLoop receiverLoop = new RealTimeLoop();
        try (TcpListener listener = new TcpListener(new InetSocketAddress(LOOPBACK, 0));
                TcpChannel sender =
                        TcpChannel.connect(new InetSocketAddress(LOOPBACK, listener.port()), 1_000, senderLoop);
                TcpChannel receiver = listener.accept(receiverLoop)) {
            receiver.trust();
            Message.BlobChunk chunk = new Message.BlobChunk(new byte[1 << 18]);
            int[] sent = {0};
            while (sender.send(chunk)) {
                sent[0]++;
            }
            assertThat(sent[0]).isBetween(64, 512);
            int[] received = {0};
            receiverLoop.run(new Role() {
                @Override
                public long poll(long nowNanos) {
                    while (receiver.receive() != null) {
                        received[0]++;
                    }
                    return Step.FOREVER;
                }

                @Override
                public @Nullable Outcome outcome() {
                    return received[0] == sent[0] ? new Outcome(0, "") : null;
                }
            });
            assertThat(sender.send(chunk)).isTrue();
        }
    }

    /** The peer's last words, such as that its guest has switched off, decide whether this side takes over. */
    @Test
    void lastWordsAreReadThoughThePeerTakesNoMore() throws IOException {
        RealTimeLoop loop = new RealTimeLoop();
        try (TcpListener listener = new TcpListener(new InetSocketAddress(LOOPBACK, 0));
                SocketChannel peer = SocketChannel.open(new InetSocketAddress(LOOPBACK, listener.port()));
                TcpChannel channel = listener.accept(loop)) {
            assertThat(channel.send(new Message.Released(1))).isTrue();
            peer.write(ByteBuffer.wrap(MessageCodec.encode(new Message.Released(2))));
            peer.write(ByteBuffer.wrap(MessageCodec.encode(new Message.Goodbye(true, "off"))));
            // What it was sent is unread: that resets the connection.
            peer.close();
            for (int i = 0; i < 100; i++) {
                assertThat(channel.send(new Message.Released(3))).isTrue();
            }
            List<Message> heard = new ArrayList<>();
            Role.Outcome outcome = loop.run(collecting(channel, heard));
            assertThat(outcome).isNotNull();
            assertThat(heard).containsExactly(new Message.Released(2), new Message.Goodbye(true, "off"));
        }
    }

    private static Role collecting(TcpChannel channel, List<Message> heard) {
        return new Role() {
            @Override
            public long poll(long nowNanos) {
                for (Message message = channel.receive(); message != null; message = channel.receive()) {
                    heard.add(message);
                }
                return Step.FOREVER;
            }

            @Override
            public @Nullable Outcome outcome() {
                String closed = channel.closed();
                return closed == null ? null : new Outcome(0, closed);
            }
        };
    }

    /** A role is told of what comes while it is parked, however often it has parked before. */
    @Test
    void parkedRoleIsWokenByEachMessage() throws IOException, ExecutionException, InterruptedException {
        // The loop itself looks again after a tenth of a second; so many of those take longer than this test may.
        int count = 1_000;
        RealTimeLoop loop = new RealTimeLoop();
        RealTimeLoop answeringLoop = new RealTimeLoop();
        try (TcpListener listener = new TcpListener(new InetSocketAddress(LOOPBACK, 0));
                TcpChannel asking = TcpChannel.connect(new InetSocketAddress(LOOPBACK, listener.port()), 1_000, loop);
                TcpChannel answering = listener.accept(answeringLoop)) {
            FutureTask<Role.@Nullable Outcome> other =
                    new FutureTask<>(() -> answeringLoop.run(answering(answering, count)));
            Thread.ofPlatform().start(other);
            assertThat(asking.send(new Message.Released(0))).isTrue();
            assertThat(loop.run(answering(asking, count))).isNotNull();
            assertThat(other.get()).isNotNull();
        }
    }

    /** Answers each message, and ends after so many. */
    private static Role answering(TcpChannel channel, int count) {
        int[] seen = {0};
        return new Role() {
            @Override
            public long poll(long nowNanos) {
                for (Message message = channel.receive(); message != null; message = channel.receive()) {
                    seen[0]++;
                    assertThat(channel.send(new Message.Released(seen[0]))).isTrue();
                }
                return Step.FOREVER;
            }

            @Override
            public @Nullable Outcome outcome() {
                return seen[0] >= count ? new Outcome(0, "") : null;
            }
        };
    }
}
