package hartbeat.ft.sim;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.io.Output;
import hartbeat.ft.channel.Side;
import hartbeat.ft.run.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a pair does, step by step and in what time; that it holds wherever it is struck is shown by the module proof, with real guests. */
final class PairTest {
    private static final long MILLI = Pair.MILLI;
    private static final long SEED = Long.getLong("hartbeat.seed", 1);

    @Test
    void everyRequestIsAnsweredOnceWhileBothLive() {
        Pair pair = new Pair(SEED);
        pair.run(500 * MILLI);
        settle(pair);
        assertGood(pair);
        assertThat(pair.backup.live()).as(pair.repeat()).isNull();
        assertThat(pair.backup.outcome()).as(pair.repeat()).isNull();
        assertThat(pair.backup.status(pair.nowNanos()).digests())
                .as(pair.repeat())
                .isGreaterThan(3);
        assertThat(pair.primary.status(pair.nowNanos()).digests())
                .isEqualTo(pair.backup.status(pair.nowNanos()).digests());
    }

    @Test
    void closedChannelBringsTheBackupLiveWithinMilliseconds() {
        Pair pair = new Pair(SEED);
        pair.run(100 * MILLI);
        pair.kill(Side.PRIMARY);
        pair.run(10 * MILLI);
        assertThat(pair.backup.live()).as(pair.repeat()).isNotNull();
    }

    @Test
    void frozenPrimaryIsSucceededWithinThreeHundredMillisecondsAndEmitsNothingWhenItWakes() {
        for (int i = 0; i < 30; i++) {
            Pair pair = new Pair(SEED + i);
            pair.run(100 * MILLI + i * 333_333L);
            pair.freeze(Side.PRIMARY, 700 * MILLI);
            pair.run(300 * MILLI);
            assertThat(pair.backup.live()).as(pair.repeat()).isNotNull();
            pair.run(600 * MILLI);
            settle(pair);
            Role.Outcome outcome = pair.primary.outcome();
            assertThat(outcome).as(pair.repeat()).isNotNull();
            assertThat(outcome.exitCode()).as(pair.repeat()).isEqualTo(Role.Outcome.FENCED);
            assertThat(outcome.message()).contains("held by backup");
            assertThat(pair.lan.refused()).as(pair.repeat()).isEmpty();
            assertGood(pair);
        }
    }

    @Test
    void shortFreezeOfEitherSideIsNoAlarm() {
        Pair pair = new Pair(SEED);
        pair.run(100 * MILLI);
        pair.freeze(Side.PRIMARY, 150 * MILLI);
        pair.run(400 * MILLI);
        pair.freeze(Side.BACKUP, 600 * MILLI);
        pair.run(1500 * MILLI);
        settle(pair);
        assertThat(pair.backup.live()).as(pair.repeat()).isNull();
        assertThat(pair.arbiter.wins()).as(pair.repeat()).isEmpty();
        assertGood(pair);
    }

    @Test
    void primaryGoesOnAloneWhenTheBackupDies() {
        Pair pair = new Pair(SEED);
        pair.run(100 * MILLI);
        pair.kill(Side.BACKUP);
        pair.run(200 * MILLI);
        settle(pair);
        assertThat(pair.primary.status(pair.nowNanos()).phase())
                .as(pair.repeat())
                .isEqualTo("ALONE");
        assertThat(pair.primary.generation()).isEqualTo(2);
        assertGood(pair);
    }

    @Test
    void exactlyOneGoesOnWhenTheLinkIsCut() {
        for (int i = 0; i < 20; i++) {
            Pair pair = new Pair(SEED + i);
            pair.run(100 * MILLI + i * 777_777L);
            if (i % 3 == 0) {
                pair.cutLink();
            } else {
                pair.cutOneWay(i % 3 == 1 ? Side.PRIMARY : Side.BACKUP);
            }
            pair.run(3_500 * MILLI);
            settle(pair);
            assertThat(pair.arbiter.wins()).as(pair.repeat()).hasSize(1);
            boolean primaryGoesOn = pair.primary.outcome() == null;
            boolean backupGoesOn = pair.backup.outcome() == null && pair.backup.live() != null;
            assertThat(primaryGoesOn ^ backupGoesOn).as(pair.repeat()).isTrue();
            assertGood(pair);
        }
    }

    @Test
    void nobodyGoesLiveWhileTheArbiterIsOutOfReach() {
        Pair pair = new Pair(SEED);
        pair.run(100 * MILLI);
        pair.arbiter.reachable(false);
        pair.kill(Side.PRIMARY);
        int before = pair.lan.seen().size();
        pair.run(1_000 * MILLI);
        assertThat(pair.backup.live()).as(pair.repeat()).isNull();
        assertThat(pair.lan.seen()).hasSize(before);
        assertThat(pair.backup.poll(pair.nowNanos()))
                .as("who waits for the arbiter leaves the processor alone")
                .isGreaterThanOrEqualTo(pair.nowNanos() + MILLI);
        pair.arbiter.reachable(true);
        pair.run(500 * MILLI);
        settle(pair);
        assertThat(pair.backup.live()).as(pair.repeat()).isNotNull();
        assertGood(pair);
    }

    @Test
    void guestTimeGoesOnFromTheLastSampleAfterTheTakeOver() {
        Pair pair = new Pair(SEED);
        pair.run(200 * MILLI);
        pair.kill(Side.PRIMARY);
        long atKill = pair.primaryToy.mtime();
        pair.run(20 * MILLI);
        assertThat(pair.backup.live()).isNotNull();
        assertThat(pair.backupToy.mtime()).as(pair.repeat()).isBetween(atKill - 60_000, atKill + 200_000);
    }

    @Test
    void slowBackupSlowsThePrimaryBeforeAnythingStalls() {
        Pair.Options options = new Pair.Options();
        options.backupSlowness = 4;
        Pair pair = new Pair(SEED, options);
        pair.run(3_000 * MILLI);
        double lagMillis = pair.primary.status(pair.nowNanos()).lagMillis();
        assertThat(lagMillis).as(pair.repeat()).isLessThan(900);
        assertThat(pair.backup.live()).isNull();
        long gap = pair.primaryToy.icount() - pair.backupToy.icount();
        assertThat(gap).as(pair.repeat()).isLessThan(pair.primaryToy.icount() / 2);
    }

    @Test
    void powerOffLeavesOnceAndEndsBoth() {
        Pair pair = new Pair(SEED);
        pair.run(50 * MILLI);
        pair.primaryHost.offer(
                new hartbeat.emulator.io.Input.ConsoleInput(ToyGuest.CONSOLE, 0, new byte[] {'o', 'f', 'f'}));
        pair.run(1_500 * MILLI);
        assertThat(pair.primary.outcome()).as(pair.repeat()).isEqualTo(new Role.Outcome(0, "guest switched off"));
        assertThat(pair.backup.outcome()).as(pair.repeat()).isNotNull();
        assertThat(pair.backup.outcome().exitCode()).isZero();
        assertThat(pair.lan.seen().stream().filter(s -> s.emission().output() instanceof Output.PowerOff))
                .hasSize(1);
    }

    @Test
    void sameSeedGivesTheSameRun() {
        assertThat(story(SEED)).isEqualTo(story(SEED));
        assertThat(story(SEED)).isNotEqualTo(story(SEED + 1));
    }

    private static List<SimLan.Seen> asList(Pair pair) {
        return pair.lan.seen();
    }

    private static String story(long seed) {
        Pair pair = new Pair(seed);
        pair.run(80 * MILLI);
        pair.kill(Side.PRIMARY);
        pair.run(80 * MILLI);
        StringBuilder text = new StringBuilder();
        for (SimLan.Seen item : asList(pair)) {
            text.append(item.atNanos())
                    .append(' ')
                    .append(item.emission().number())
                    .append('\n');
        }
        return text + pair.lan.console();
    }

    static void settle(Pair pair) {
        pair.requestEvery(Long.MAX_VALUE);
        pair.run(300 * MILLI);
    }

    static void assertGood(Pair pair) {
        assertThat(Checks.violations(pair)).as(pair.repeat()).isEmpty();
    }
}
