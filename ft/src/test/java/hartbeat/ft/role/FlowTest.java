package hartbeat.ft.role;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class FlowTest {
    private static final long MILLI = 1_000_000;

    @Test
    void aBackupThatLagsSlowsThePrimaryInProportion() {
        Flow flow = new Flow();
        flow.sent(1, 0);
        assertThat(flow.restNanos(MILLI, Flow.EASY_NANOS)).isZero();
        assertThat(flow.restNanos(MILLI, Flow.EASY_NANOS + Flow.HALVING_NANOS)).isEqualTo(MILLI);
        assertThat(flow.restNanos(MILLI, Flow.EASY_NANOS + 2 * Flow.HALVING_NANOS))
                .isEqualTo(2 * MILLI);
        flow.executed(1);
        assertThat(flow.restNanos(MILLI, 500 * MILLI)).isZero();
    }

    /** The thread that ran stood still for four seconds, in which nothing was acknowledged: no reason to stand still for minutes. */
    @Test
    void aThreadThatLostItsTurnRestsForAMomentOnly() {
        Flow flow = new Flow();
        flow.sent(1, 0);
        assertThat(flow.restNanos(4_000 * MILLI, 4_000 * MILLI)).isBetween(MILLI, 100 * MILLI);
    }
}
