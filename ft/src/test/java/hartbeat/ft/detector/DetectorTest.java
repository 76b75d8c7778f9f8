package hartbeat.ft.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hartbeat.ft.channel.Secret;
import hartbeat.ft.channel.Side;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DetectorTest {
    private static final long MILLI = 1_000_000;
    private static final long SEED = Long.getLong("hartbeat.seed", 7);

    @Test
    void silencePastTheTimeoutIsSuspected() {
        Detector detector = new Detector(250 * MILLI, 100 * MILLI, 0);
        for (long now = 0; now < 250 * MILLI; now += MILLI) {
            assertThat(detector.suspects(now)).isFalse();
        }
        assertThat(detector.suspects(250 * MILLI)).isTrue();
        detector.heard(251 * MILLI);
        assertThat(detector.suspects(252 * MILLI)).isFalse();
        assertThat(detector.longestSilenceNanos()).isEqualTo(251 * MILLI);
    }

    @Test
    void ownPauseIsNotThePeersSilence() {
        Detector detector = new Detector(250 * MILLI, 50 * MILLI, 0);
        assertThat(detector.suspects(1_000 * MILLI)).isFalse();
        for (long now = 1_000 * MILLI; now < 1_200 * MILLI; now += MILLI) {
            assertThat(detector.suspects(now)).isFalse();
        }
        assertThat(detector.suspects(1_200 * MILLI)).isTrue();
    }

    @Test
    void aSideThatHardlyRunsSuspectsLaterButDoes() {
        Detector detector = new Detector(250 * MILLI, 50 * MILLI, 0);
        for (int look = 1; look < 5; look++) {
            assertThat(detector.suspects(look * 200 * MILLI))
                    .as("look %d", look)
                    .isFalse();
        }
        assertThat(detector.suspects(5 * 200 * MILLI)).isTrue();
        detector.heard(1_001 * MILLI);
        assertThat(detector.longestSilenceNanos()).as("of which it was awake").isEqualTo(251 * MILLI);
    }

    @Test
    void theFirstWordIsWaitedForThroughAnOwnPause() {
        Detector detector = new Detector(250 * MILLI, 50 * MILLI, 0);
        detector.expectFirst(10_000 * MILLI);
        assertThat(detector.suspects(5_000 * MILLI)).isFalse();
        assertThat(detector.suspects(10_249 * MILLI)).isFalse();
        for (long now = 10_249 * MILLI; now < 10_500 * MILLI; now += MILLI) {
            detector.suspects(now);
        }
        assertThat(detector.suspects(10_500 * MILLI)).isTrue();
    }

    @Test
    void aRoleThatIsHeldUpIsSpokenForButNotForEver() {
        Repeater repeater = new Repeater(20 * MILLI, 2_000 * MILLI);
        assertThat(repeater.due(100 * MILLI)).as("it never spoke").isNull();
        assertThat(repeater.said(new Heartbeat(Side.PRIMARY, 3, 100 * MILLI, 77)))
                .isTrue();
        assertThat(repeater.due(159 * MILLI)).as("it is in time").isNull();
        assertThat(repeater.dueNanos()).isEqualTo(160 * MILLI);
        assertThat(repeater.due(160 * MILLI)).isEqualTo(new Heartbeat(Side.PRIMARY, 3, 160 * MILLI, 77));
        assertThat(repeater.due(179 * MILLI)).isNull();
        assertThat(repeater.due(180 * MILLI)).isEqualTo(new Heartbeat(Side.PRIMARY, 3, 180 * MILLI, 77));
        assertThat(repeater.said(new Heartbeat(Side.PRIMARY, 4, 170 * MILLI, 88)))
                .as("a newer one is out")
                .isFalse();
        assertThat(repeater.due(230 * MILLI)).isEqualTo(new Heartbeat(Side.PRIMARY, 4, 230 * MILLI, 88));
        assertThat(repeater.due(2_170 * MILLI)).isNotNull();
        assertThat(repeater.due(2_230 * MILLI)).as("it hangs").isNull();
    }

    @Test
    void aRoleThatIsSilentOnPurposeIsNotSpokenFor() {
        Repeater repeater = new Repeater(20 * MILLI, 2_000 * MILLI);
        assertThat(repeater.said(new Heartbeat(Side.PRIMARY, 3, 100 * MILLI, 77)))
                .isTrue();
        repeater.forget();
        assertThat(repeater.due(200 * MILLI)).isNull();
    }

    @Test
    void timeInWhichNothingWasReadIsNotThePeersSilence() {
        Detector detector = new Detector(250 * MILLI, 50 * MILLI, 0);
        for (long now = 0; now <= 1_000 * MILLI; now += MILLI) {
            detector.unread(now);
            assertThat(detector.suspects(now)).as("at %d", now).isFalse();
        }
        for (long now = 1_001 * MILLI; now < 1_250 * MILLI; now += MILLI) {
            assertThat(detector.suspects(now)).as("at %d", now).isFalse();
        }
        assertThat(detector.suspects(1_250 * MILLI)).isTrue();
    }

    /** The backup reads the clock, is stopped, and then finds what the primary sent meanwhile: the lease runs from the sending. */
    @Test
    void silenceNeverCountsFromBeforeThePeerSpoke() {
        Detector backup = new Detector(250 * MILLI, 100 * MILLI, 0);
        Lease lease = new Lease(200 * MILLI);
        assertThat(backup.suspects(MILLI)).isFalse();
        backup.heard(2 * MILLI);
        assertThat(backup.suspects(2 * MILLI)).isFalse();
        long sent = 300 * MILLI;
        for (long now = 301 * MILLI; now < 600 * MILLI; now += MILLI) {
            lease.echoed(sent, now);
            assertThat(backup.suspects(now) && lease.holds(now))
                    .as("at %d", now)
                    .isFalse();
        }
        assertThat(backup.suspects(600 * MILLI)).isTrue();
    }

    /** For any delays of messages, a lease that holds means that the backup does not suspect by silence. */
    @Test
    void leaseNeverHoldsWhenTheBackupSuspects() {
        Random random = new Random(SEED);
        for (int round = 0; round < 2_000; round++) {
            Timeouts times = Timeouts.DEFAULT;
            Lease lease = new Lease(times.leaseMillis() * MILLI);
            Detector backup = new Detector(times.backupSuspectsMillis() * MILLI, times.countedMillis() * MILLI, 0);
            long lastHeard = 0;
            long echo = 0;
            long arrives = random.nextLong(300 * MILLI);
            long sent = 1;
            for (long now = 1; now < 1_000 * MILLI; now += random.nextLong(1, 5 * MILLI)) {
                if (now >= arrives) {
                    lastHeard = now;
                    echo = sent;
                    backup.heard(now);
                    sent = now;
                    arrives = now + random.nextLong(300 * MILLI);
                }
                lease.echoed(echo, now);
                assertThat(lease.holds(now) && backup.suspects(now))
                        .as("seed=%d round=%d now=%d heard=%d", SEED, round, now, lastHeard)
                        .isFalse();
            }
        }
    }

    @Test
    void leaseCountsFromWhatWasSentNotFromWhenItsEchoCame() {
        Lease lease = new Lease(200 * MILLI);
        assertThat(lease.holds(0)).isFalse();
        lease.echoed(100 * MILLI, 290 * MILLI);
        assertThat(lease.holds(299 * MILLI)).isTrue();
        assertThat(lease.holds(300 * MILLI)).isFalse();
        lease.echoed(5_000 * MILLI, 400 * MILLI);
        assertThat(lease.holds(450 * MILLI))
                .as("an echo from the future is no echo")
                .isFalse();
    }

    @Test
    void timeoutsThatAreNotSafeAreRefused() {
        assertThatThrownBy(() -> new Timeouts(20, 200, 210, 1000, 100)).hasMessageContaining("lease and a tenth");
        assertThatThrownBy(() -> new Timeouts(20, 50, 210, 1000, 100)).hasMessageContaining("three heartbeats");
        assertThat(Timeouts.suspectingAfter(250)).isEqualTo(Timeouts.DEFAULT);
    }

    @Test
    void heartbeatsAreProvedAndGarbageIsIgnored() {
        HeartbeatCodec codec = new HeartbeatCodec(new Secret(new byte[32]), new byte[16]);
        Heartbeat beat = new Heartbeat(Side.BACKUP, 3, 1L << 40, 77);
        byte[] datagram = codec.encode(beat);
        assertThat(codec.decode(datagram, datagram.length)).isEqualTo(beat);
        for (int i = 0; i < datagram.length; i++) {
            byte[] damaged = datagram.clone();
            damaged[i] ^= 4;
            assertThat(codec.decode(damaged, damaged.length)).as("byte %d", i).isNull();
        }
        assertThat(codec.decode(new byte[200], 200)).isNull();
        assertThat(codec.decode(new byte[0], 0)).isNull();
        byte[] otherSession = new byte[16];
        otherSession[0] = 1;
        assertThat(new HeartbeatCodec(new Secret(new byte[32]), otherSession).decode(datagram, datagram.length))
                .isNull();
    }
}
