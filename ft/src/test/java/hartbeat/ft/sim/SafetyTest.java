package hartbeat.ft.sim;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.io.Input;
import hartbeat.ft.channel.MemoryChannel;
import hartbeat.ft.channel.Message;
import hartbeat.ft.channel.Side;
import hartbeat.ft.detector.HeartbeatPort;
import hartbeat.ft.detector.Timeouts;
import hartbeat.ft.log.LogAppender;
import hartbeat.ft.role.Backup;
import hartbeat.ft.role.Peer;
import hartbeat.ft.role.Settings;
import hartbeat.ft.run.DiskMode;
import hartbeat.ft.run.Role;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Attacks on the pair: each is a way in which two machines could show, an output or a write be lost, or the pair hang. */
final class SafetyTest {
    private static final long MILLI = Pair.MILLI;
    private static final long SEED = Long.getLong("hartbeat.seed", 1);
    private static final byte[] OFF = "off".getBytes(StandardCharsets.US_ASCII);

    @Test
    void bothCopiesOfTheDiskAreEqualAfterThePowerOff() {
        for (int i = 0; i < 10; i++) {
            Pair pair = new Pair(SEED + i);
            pair.backupHost.diskNanos(4 * MILLI);
            pair.run(50 * MILLI + i * 333_333L);
            pair.primaryHost.offer(new Input.ConsoleInput(ToyGuest.CONSOLE, 0, OFF));
            pair.run(2_500 * MILLI);
            assertEndedAlike(pair);
        }
    }

    @Test
    void bothCopiesOfTheDiskAreEqualAfterTheUserStopped() {
        for (int i = 0; i < 10; i++) {
            Pair pair = new Pair(SEED + i);
            pair.backupHost.diskNanos(4 * MILLI);
            pair.run(50 * MILLI + i * 333_333L);
            pair.primary.stop("stopped by the user", pair.nowNanos());
            pair.run(2_500 * MILLI);
            assertEndedAlike(pair);
        }
    }

    private static void assertEndedAlike(Pair pair) {
        assertThat(pair.primary.outcome()).as(pair.repeat()).isNotNull();
        Role.Outcome outcome = pair.backup.outcome();
        assertThat(outcome).as(pair.repeat()).isNotNull();
        assertThat(outcome.exitCode()).as(pair.repeat()).isZero();
        assertThat(pair.backup.live()).as(pair.repeat()).isNull();
        assertThat(pair.backupToy.icount()).as(pair.repeat()).isEqualTo(pair.primaryToy.icount());
        assertThat(pair.backupHost.disk()).as(pair.repeat()).isEqualTo(pair.primaryHost.disk());
    }

    /** The primary let the power-off out, said so, and died before it could say goodbye: the backup must not stay live for ever. */
    @Test
    void machineWhosePowerOffIsOutEndsAfterTheTakeOver() {
        MemoryChannel channel = new MemoryChannel(0, 1 << 20);
        channel.end(Side.PRIMARY).trust();
        channel.end(Side.BACKUP).trust();
        SimLan lan = new SimLan();
        SimArbiter arbiter = new SimArbiter();
        SimHost host = new SimHost("backup", lan, new byte[64 * 512], SEED);
        lan.connect(host);
        Backup backup = new Backup(
                new Settings("backup", DiskMode.REPLICATED, Timeouts.DEFAULT, _ -> {}),
                new ToyGuest(),
                host,
                arbiter.end(),
                1,
                new Peer(channel.end(Side.BACKUP), HeartbeatPort.NONE));
        LogAppender log = new LogAppender(DiskMode.REPLICATED);
        log.input(0, new Input.ConsoleInput(ToyGuest.CONSOLE, 0, OFF), 1);
        log.marker(0, 1);
        byte[] batch = log.take();
        assertThat(batch).isNotNull();
        channel.end(Side.PRIMARY).send(new Message.LogBatch(1, batch));
        channel.end(Side.PRIMARY).send(new Message.Released(1));
        channel.die(Side.PRIMARY);
        for (long now = MILLI; now < 100 * MILLI && backup.outcome() == null; now += MILLI) {
            channel.now(now);
            host.now(now);
            arbiter.now(now);
            backup.poll(now);
        }
        assertThat(backup.outcome()).isEqualTo(new Role.Outcome(0, "guest switched off"));
    }

    /** TCP is dead and nobody says so, while the datagrams get through. */
    @Test
    void channelThatIsSilentWhileHeartbeatsComeIsNoBackup() {
        for (Side silent : Side.values()) {
            Pair pair = new Pair(SEED);
            pair.run(100 * MILLI);
            pair.channel.cut(silent);
            pair.run(6_000 * MILLI);
            PairTest.settle(pair);
            assertThat(pair.arbiter.wins()).as(pair.repeat()).hasSize(1);
            PairTest.assertGood(pair);
        }
    }

    @Test
    void backupWhoseDiskHangsIsGivenUp() {
        Pair pair = new Pair(SEED);
        pair.run(100 * MILLI);
        pair.backupHost.diskNanos(Long.MAX_VALUE / 4);
        pair.run(12_500 * MILLI);
        PairTest.settle(pair);
        assertThat(pair.primary.status(pair.nowNanos()).phase())
                .as(pair.repeat())
                .isEqualTo("ALONE");
        PairTest.assertGood(pair);
    }

    /** As many of the longest frames as a ring holds come at once: more than one batch may carry. */
    @Test
    void floodOfLongFramesIsNoLongBatch() {
        Pair.Options options = new Pair.Options();
        options.primaryGuest = toy -> new Wrapped(toy) {
            @Override
            public int room(int device) {
                return device == ToyGuest.NET ? 256 : super.room(device);
            }
        };
        Pair pair = new Pair(SEED, options);
        pair.run(50 * MILLI);
        for (int i = 0; i < 256; i++) {
            byte[] frame = ByteBuffer.allocate(65_000).putLong(1_000_000 + i).array();
            pair.primaryHost.offer(new Input.FrameReceived(ToyGuest.NET, 0, frame));
        }
        pair.run(1_000 * MILLI);
        PairTest.settle(pair);
        assertThat(pair.backup.outcome()).as(pair.repeat()).isNull();
        assertThat(pair.arbiter.wins()).as(pair.repeat()).isEmpty();
        PairTest.assertGood(pair);
    }

    @Test
    void frameThatNoLogCanHoldIsDropped() {
        Pair pair = new Pair(SEED);
        pair.run(50 * MILLI);
        pair.primaryHost.offer(new Input.FrameReceived(ToyGuest.NET, 0, new byte[5]));
        pair.primaryHost.offer(new Input.FrameReceived(ToyGuest.NET, 0, new byte[69_000]));
        pair.run(50 * MILLI);
        PairTest.settle(pair);
        PairTest.assertGood(pair);
    }

    /** Freezes, cuts of either way of either path, and an arbiter that is slow or away, in any order; one of the two lives at least. */
    @Test
    void nothingThatBefallsThePairShowsTwoMachines() {
        Random seeds = new Random(SEED);
        for (int round = 0; round < 30; round++) {
            long seed = seeds.nextLong();
            Random random = new Random(seed);
            Pair.Options options = new Pair.Options();
            options.disk = DiskMode.values()[round % 2];
            Pair pair = new Pair(seed, options);
            pair.run(30 * MILLI + random.nextLong(30 * MILLI));
            for (int i = random.nextInt(1, 5); i > 0; i--) {
                befall(pair, random);
                pair.run(random.nextLong(400 * MILLI));
            }
            pair.arbiter.reachable(true);
            pair.arbiter.delayNanos(2 * MILLI);
            pair.run(4_000 * MILLI);
            PairTest.settle(pair);
            assertThat(pair.arbiter.wins().size()).as(pair.repeat()).isLessThanOrEqualTo(1);
            PairTest.assertGood(pair);
        }
    }

    private static void befall(Pair pair, Random random) {
        Side side = random.nextBoolean() ? Side.PRIMARY : Side.BACKUP;
        switch (random.nextInt(7)) {
            case 0 -> pair.freeze(side, random.nextLong(1_500 * MILLI));
            case 1 -> pair.cutOneWay(side);
            case 2 -> pair.cutLink();
            case 3 -> pair.channel.cut(side);
            case 4 -> pair.heartbeats.cut(side);
            case 5 -> pair.arbiter.reachable(random.nextBoolean());
            default -> pair.arbiter.delayNanos(random.nextLong(1_000 * MILLI));
        }
    }
}
