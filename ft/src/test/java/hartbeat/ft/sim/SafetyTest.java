package hartbeat.ft.sim;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.io.Input;
import hartbeat.emulator.machine.Stop;
import hartbeat.ft.arbiter.Arbiter;
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
import org.jspecify.annotations.Nullable;
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

    /** The backup is to end at the goodbye, and yet the arbiter has it as the holder: its disks must be known as the holder's. */
    @Test
    void endThatComesWhileTheBackupClaimsWaitsForTheAnswer() {
        for (long frozenMillis : new long[] {260, 300, 400}) {
            Pair pair = new Pair(SEED);
            pair.run(50 * MILLI);
            pair.arbiter.delayNanos(200 * MILLI);
            pair.freeze(Side.PRIMARY, frozenMillis * MILLI);
            pair.run((frozenMillis + 5) * MILLI);
            pair.primary.stop("stopped by the user", pair.nowNanos());
            pair.run(4_000 * MILLI);
            assertThat(pair.arbiter.wins()).as(pair.repeat()).containsExactly("2:backup");
            assertThat(pair.backupHost.linkGeneration()).as(pair.repeat()).isEqualTo(2);
            assertEndedAlike(pair);
        }
    }

    /** The goodbye arrives between the last look at the channel and the answer: a machine that was stopped must not run on. */
    @Test
    void goodbyeThatComesWithTheAnswerEndsTheSuccessor() {
        MemoryChannel channel = new MemoryChannel(0, 1 << 20);
        channel.end(Side.PRIMARY).trust();
        channel.end(Side.BACKUP).trust();
        Arbiter inner = new SimArbiter().end();
        Arbiter arbiter = new Arbiter() {
            @Override
            public void ask(Question question) {
                inner.ask(question);
                channel.end(Side.PRIMARY).send(new Message.Goodbye(true, "stopped by the user"));
            }

            @Override
            public @Nullable Answer poll() {
                return new Won(2);
            }
        };
        SimLan lan = new SimLan();
        SimHost host = new SimHost("backup", lan, new byte[64 * 512], SEED);
        lan.connect(host);
        Backup backup = new Backup(
                new Settings("backup", DiskMode.REPLICATED, Timeouts.DEFAULT, _ -> {}),
                new ToyGuest(),
                host,
                arbiter,
                1,
                new Peer(channel.end(Side.BACKUP), HeartbeatPort.NONE));
        channel.end(Side.PRIMARY).send(new Message.Alive(1, 1, 0));
        for (long now = MILLI; now < 400 * MILLI; now += MILLI) {
            channel.now(now);
            backup.poll(now);
        }
        assertThat(backup.live()).isNull();
        assertThat(backup.outcome())
                .isEqualTo(new Role.Outcome(0, "primary ended: stopped by the user; generation 2 ends with it"));
        assertThat(host.linkGeneration()).isEqualTo(2);
    }

    @Test
    void primaryThatIsStoppedAfterItWasSucceededIsFenced() {
        Pair pair = new Pair(SEED);
        pair.run(50 * MILLI);
        pair.freeze(Side.PRIMARY, 300 * MILLI);
        pair.run(301 * MILLI);
        pair.primary.stop("stopped by the user", pair.nowNanos());
        pair.run(4_000 * MILLI);
        assertThat(pair.backup.live()).as(pair.repeat()).isNotNull();
        assertFenced(pair);
    }

    /** The connection breaks, one side claims, or both do, and the user stops the primary before it hears who has won. */
    @Test
    void primaryThatIsStoppedWhileItClaimsHearsTheAnswerFirst() {
        for (boolean succeeded : new boolean[] {true, false}) {
            Pair pair = new Pair(SEED);
            pair.run(50 * MILLI);
            pair.arbiter.delayNanos(300 * MILLI);
            if (succeeded) {
                pair.channel.die(Side.PRIMARY);
                pair.run(MILLI);
                pair.channel.die(Side.BACKUP);
            } else {
                pair.kill(Side.BACKUP);
            }
            pair.run(10 * MILLI);
            assertThat(pair.primary.status(pair.nowNanos()).phase()).isEqualTo("DECIDING");
            pair.primary.stop("stopped by the user", pair.nowNanos());
            pair.run(200 * MILLI);
            assertThat(pair.primary.outcome()).as(pair.repeat()).isNull();
            pair.run(1_000 * MILLI);
            assertThat(pair.primary.outcome()).as(pair.repeat()).isNotNull();
            assertThat(pair.primary.outcome().exitCode()).as(pair.repeat()).isEqualTo(succeeded ? 4 : 0);
            assertThat(pair.host(succeeded ? Side.BACKUP : Side.PRIMARY).linkGeneration())
                    .as(pair.repeat())
                    .isEqualTo(2);
        }
    }

    /** A thread of its own repeats what a primary said last; it must not do so for one that has stopped speaking. */
    @Test
    void primaryThatClaimsOrHasSaidGoodbyeIsNotSpokenFor() {
        for (boolean claims : new boolean[] {true, false}) {
            Pair pair = new Pair(SEED);
            pair.backupHost.diskNanos(400 * MILLI);
            pair.run(50 * MILLI);
            assertThat(pair.heartbeats.primarySilent()).isFalse();
            if (claims) {
                pair.kill(Side.BACKUP);
            } else {
                pair.primary.stop("stopped by the user", pair.nowNanos());
            }
            pair.run(20 * MILLI);
            assertThat(pair.heartbeats.primarySilent()).as(pair.repeat()).isTrue();
        }
    }

    /** The signs of life lie behind log that there is no room for, and no datagram gets through. */
    @Test
    void backupThatHasNoRoomForMoreLogDoesNotSuspectForIt() {
        MemoryChannel channel = new MemoryChannel(0, 1 << 30);
        channel.end(Side.PRIMARY).trust();
        channel.end(Side.BACKUP).trust();
        SimArbiter arbiter = new SimArbiter();
        Backup backup = new Backup(
                new Settings("backup", DiskMode.REPLICATED, Timeouts.DEFAULT, _ -> {}),
                new ToyGuest(),
                new SimHost("backup", new SimLan(), new byte[64 * 512], SEED),
                arbiter.end(),
                1,
                new Peer(channel.end(Side.BACKUP), HeartbeatPort.NONE));
        LogAppender log = new LogAppender(DiskMode.REPLICATED);
        long farAhead = 1L << 50;
        for (int i = 0; i < 600; i++) {
            log.input(farAhead, new Input.FrameReceived(ToyGuest.NET, 0, new byte[60_000]), 1);
            byte[] batch = log.take();
            assertThat(batch).isNotNull();
            channel.end(Side.PRIMARY).send(new Message.LogBatch(1, batch));
        }
        for (long now = MILLI; now < 600 * MILLI; now += MILLI) {
            channel.now(now);
            arbiter.now(now);
            channel.end(Side.PRIMARY).send(new Message.Alive(1, now, 0));
            backup.poll(now);
        }
        assertThat(backup.status(600 * MILLI).phase()).isEqualTo("FOLLOWING");
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

    /** Datagrams are left out while the channel carries all that either side needs; where it stalls, in one direction or both, they are back in time. */
    @Test
    void heartbeatsSpeakUpWhereTheChannelStalls() {
        for (Side stalled : Side.values()) {
            Pair pair = new Pair(SEED);
            pair.run(500 * MILLI);
            Datagrams busy = datagrams(pair, 1_000);
            assertThat(busy.primary()).as(pair.repeat()).isLessThan(5);
            assertThat(busy.backup()).as(pair.repeat()).isBetween(10, 16);
            pair.channel.cut(stalled);
            pair.run(1_500 * MILLI);
            assertThat(pair.backup.live()).as(pair.repeat()).isNull();
            assertThat(pair.arbiter.wins()).as(pair.repeat()).isEmpty();
            Datagrams cut = datagrams(pair, 300);
            assertThat(cut.primary()).as(pair.repeat()).isGreaterThan(10);
            assertThat(cut.backup()).as(pair.repeat()).isGreaterThan(10);
        }
    }

    /** Between idle sides no log goes that could be heard instead. */
    @Test
    void anIdlePairLeavesNoHeartbeatOut() {
        Pair.Options options = new Pair.Options();
        options.primaryGuest = toy -> new Wrapped(toy) {
            @Override
            public Stop runUntil(long limit) {
                return Stop.IDLE;
            }

            @Override
            public long deadlineMtime() {
                return -1;
            }
        };
        Pair pair = new Pair(SEED, options);
        pair.requestEvery(Long.MAX_VALUE);
        pair.run(500 * MILLI);
        Datagrams idle = datagrams(pair, 1_000);
        assertThat(idle.primary()).as(pair.repeat()).isGreaterThan(45);
        assertThat(idle.backup()).as(pair.repeat()).isGreaterThan(45);
        PairTest.assertGood(pair);
    }

    private record Datagrams(int primary, int backup) {}

    /** How many each side sends in so many milliseconds. */
    private static Datagrams datagrams(Pair pair, long millis) {
        int primary = pair.heartbeats.sent(Side.PRIMARY);
        int backup = pair.heartbeats.sent(Side.BACKUP);
        pair.run(millis * MILLI);
        return new Datagrams(pair.heartbeats.sent(Side.PRIMARY) - primary, pair.heartbeats.sent(Side.BACKUP) - backup);
    }

    /** The log waits on its way for longer than the lease, as where the network carries less than the guest brings: the lease lives by datagrams. */
    @Test
    void outputsLeaveThoughTheLogTakesLongerThanTheLease() {
        Pair.Options options = new Pair.Options();
        options.channelNanos = 300 * MILLI;
        Pair pair = new Pair(SEED, options);
        pair.run(2_000 * MILLI);
        long before = pair.primary.status(pair.nowNanos()).releasedOutputs();
        pair.run(1_000 * MILLI);
        assertThat(pair.primary.status(pair.nowNanos()).releasedOutputs() - before)
                .as(pair.repeat())
                .isGreaterThan(50);
        assertThat(pair.arbiter.wins()).as(pair.repeat()).isEmpty();
        pair.requestEvery(Long.MAX_VALUE);
        pair.run(2_000 * MILLI);
        PairTest.assertGood(pair);
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

    /** The copies differ from the first request on that one side alone has failed, whether or not it is ever read; the better one goes on. */
    @Test
    void primaryWhoseDiskFailsAloneIsSucceededAndToldWhy() {
        for (int i = 0; i < 10; i++) {
            Pair pair = new Pair(SEED + i);
            pair.run(100 * MILLI + i * 333_333L);
            pair.primaryHost.failing();
            pair.run(100 * MILLI);
            assertSucceeded(pair);
            assertThat(pair.notices)
                    .as(pair.repeat())
                    .anyMatch(line -> line.startsWith("primary: backup left: disk ")
                            && line.contains("hint: the primary's copy of the disk is failing"))
                    .anyMatch(line -> line.startsWith("backup: primary is suspected: disk "));
            PairTest.settle(pair);
            PairTest.assertGood(pair);
        }
    }

    /**
     * What the primary could not write reads differently on the two copies, and such reads follow while the arbiter is being asked: the backup must
     * neither stumble over them nor may anything have come out that came of them.
     */
    @Test
    void primaryWhoseDiskIsFullIsSucceededByABackupThatHasNotSeenTheOldData() {
        for (int i = 0; i < 20; i++) {
            Pair pair = new Pair(SEED + i);
            pair.arbiter.delayNanos(100 * MILLI);
            pair.run(100 * MILLI + i * 333_333L);
            pair.primaryHost.full();
            pair.run(500 * MILLI);
            assertSucceeded(pair);
            PairTest.settle(pair);
            PairTest.assertGood(pair);
        }
    }

    /** While nobody can be told apart by the arbiter, nothing comes out that the backup's copy would contradict; then the better copy goes on. */
    @Test
    void primaryWhoseDiskIsFullIsSilentUntilTheArbiterIsBack() {
        Pair pair = new Pair(SEED);
        pair.arbiter.reachable(false);
        pair.run(100 * MILLI);
        pair.primaryHost.full();
        pair.run(2_500 * MILLI);
        assertThat(pair.backup.live()).as(pair.repeat()).isNull();
        assertThat(pair.backup.outcome()).as(pair.repeat()).isNull();
        pair.arbiter.reachable(true);
        pair.run(500 * MILLI);
        PairTest.settle(pair);
        PairTest.assertGood(pair);
    }

    /** The user has the last word: the log is carried out as the primary took it, and a copy that differs is told of. */
    @Test
    void primaryWhoseDiskIsFullMayBeStoppedAllTheSame() {
        for (int i = 0; i < 20; i++) {
            Pair pair = new Pair(SEED + i);
            pair.arbiter.reachable(false);
            pair.run(100 * MILLI);
            pair.primaryHost.full();
            pair.run(i * MILLI);
            pair.primary.stop("stopped by its user", pair.nowNanos());
            pair.run(4_000 * MILLI);
            assertThat(pair.primary.outcome()).as(pair.repeat()).isNotNull();
            assertThat(pair.backup.live()).as(pair.repeat()).isNull();
            Role.Outcome outcome = pair.backup.outcome();
            if (outcome != null && outcome.exitCode() != Role.Outcome.DONE) {
                assertThat(outcome.message()).as(pair.repeat()).contains("the primary's copy of the disk is failing");
            }
        }
    }

    /**
     * Its backup has claimed already, and the rest of the log is long. Then the backup must not go live from somewhere within the rest, when nobody is
     * there to stop it; nor stumble over reads of what the primary could not write, as the arbiter knows it as the holder.
     */
    @Test
    void primaryWhoseDiskFailsAndIsStoppedWhileTheBackupClaimsEndsWithIt() {
        for (int i = 0; i < 10; i++) {
            Pair pair = new Pair(SEED + i);
            pair.arbiter.delayNanos(100 * MILLI);
            pair.run(100 * MILLI + i * 333_333L);
            if (i % 2 == 0) {
                pair.primaryHost.failing();
            } else {
                pair.primaryHost.full();
            }
            pair.run(60 * MILLI);
            pair.primary.stop("stopped by its user", pair.nowNanos());
            pair.run(4_000 * MILLI);
            assertThat(pair.backup.live()).as(pair.repeat()).isNull();
            assertThat(pair.backup.outcome())
                    .as(pair.repeat())
                    .isEqualTo(new Role.Outcome(
                            Role.Outcome.DONE, "primary ended: stopped by its user; generation 2 ends with it"));
            assertThat(pair.backupHost.linkGeneration()).as(pair.repeat()).isEqualTo(2);
            assertFenced(pair);
        }
    }

    /** It receives the log and may not acknowledge it: that is a slow disk, and no way that carries nothing. */
    @Test
    void backupWhoseOwnDiskIsSlowToTellIsNotGivenUpByAPrimaryWhoseDiskFails() {
        Pair pair = new Pair(SEED);
        pair.run(100 * MILLI);
        pair.backupHost.diskNanos(4_000 * MILLI);
        pair.primaryHost.failing();
        pair.run(1_000 * MILLI);
        pair.backupHost.diskNanos(MILLI);
        pair.run(5_000 * MILLI);
        assertThat(pair.backup.live()).as(pair.repeat()).isNotNull();
        assertFenced(pair);
        PairTest.settle(pair);
        PairTest.assertGood(pair);
    }

    /** What neither disk can do, while the backup's never answers: it is given up as any that hangs. */
    @Test
    void backupWhoseDiskHangsIsGivenUpByAPrimaryWhoseDiskFails() {
        Pair pair = new Pair(SEED);
        pair.run(100 * MILLI);
        pair.backupHost.diskNanos(Long.MAX_VALUE / 4);
        pair.primaryHost.failing();
        pair.run(12_500 * MILLI);
        PairTest.settle(pair);
        assertThat(pair.primary.status(pair.nowNanos()).phase())
                .as(pair.repeat())
                .isEqualTo("ALONE");
        assertThat(pair.notices).anyMatch(line -> line.contains("look at its disk"));
        PairTest.assertGood(pair);
    }

    private static void assertSucceeded(Pair pair) {
        assertThat(pair.backup.live()).as(pair.repeat()).isNotNull();
        assertThat(pair.backup.outcome()).as(pair.repeat()).isNull();
        assertFenced(pair);
    }

    private static void assertFenced(Pair pair) {
        Role.Outcome outcome = pair.primary.outcome();
        assertThat(outcome).as(pair.repeat()).isNotNull();
        assertThat(outcome.exitCode()).as(pair.repeat()).isEqualTo(Role.Outcome.FENCED);
    }

    /** The other way round it is the backup that leaves, before anybody could need its copy. */
    @Test
    void backupWhoseDiskFailsAloneLeavesAndSaysWhy() {
        Pair pair = new Pair(SEED);
        pair.run(100 * MILLI);
        pair.backupHost.failing();
        pair.run(200 * MILLI);
        Role.Outcome outcome = pair.backup.outcome();
        assertThat(outcome).as(pair.repeat()).isNotNull();
        assertThat(outcome.message()).as(pair.repeat()).contains("this side's copy of the disk is failing");
        assertThat(pair.notices).anyMatch(line -> line.startsWith("primary: backup left: disk "));
        assertThat(pair.primary.status(pair.nowNanos()).phase())
                .as(pair.repeat())
                .isEqualTo("ALONE");
        PairTest.settle(pair);
        PairTest.assertGood(pair);
    }

    /** What fails on both, as with a request that no disk can do, is no difference. */
    @Test
    void requestThatFailsOnBothSidesIsNoAlarm() {
        Pair pair = new Pair(SEED);
        pair.primaryHost.failing();
        pair.backupHost.failing();
        pair.run(500 * MILLI);
        PairTest.settle(pair);
        assertThat(pair.arbiter.wins()).as(pair.repeat()).isEmpty();
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
}
