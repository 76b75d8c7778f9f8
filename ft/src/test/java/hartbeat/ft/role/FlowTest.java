package hartbeat.ft.role;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class FlowTest {
    private static final long MILLI = 1_000_000;

    @Test
    void aBackupThatLagsSlowsThePrimaryByTheSquareOfIt() {
        Flow flow = new Flow();
        flow.sent(1, 0);
        long half = Flow.EASY_NANOS + Flow.HALVING_NANOS / 2;
        assertThat(flow.restNanos(4 * MILLI, Flow.EASY_NANOS)).isZero();
        assertThat(flow.restNanos(4 * MILLI, half)).isEqualTo(MILLI);
        assertThat(flow.restNanos(4 * MILLI, Flow.EASY_NANOS + Flow.HALVING_NANOS))
                .isEqualTo(4 * MILLI);
        assertThat(flow.restNanos(4 * MILLI, Flow.EASY_NANOS + 2 * Flow.HALVING_NANOS))
                .isEqualTo(16 * MILLI);
        flow.executed(1);
        assertThat(flow.restNanos(4 * MILLI, 500 * MILLI)).isZero();
    }

    @Test
    void shortRestsAreTakenTogether() {
        Flow flow = new Flow();
        flow.sent(1, 0);
        long half = Flow.EASY_NANOS + Flow.HALVING_NANOS / 2;
        for (int quantum = 1; quantum < 8; quantum++) {
            assertThat(flow.restNanos(MILLI / 2, half))
                    .as("quantum %d", quantum)
                    .isZero();
        }
        assertThat(flow.restNanos(MILLI / 2, half)).isEqualTo(Flow.LEAST_REST_NANOS);
        assertThat(flow.restNanos(MILLI / 2, half)).isZero();
        assertThat(flow.slowedNanos()).isEqualTo(Flow.LEAST_REST_NANOS);
    }

    @Test
    void whatIsOwedIsForgottenWhenTheBackupHasCaughtUp() {
        Flow flow = new Flow();
        flow.sent(1, 0);
        long half = Flow.EASY_NANOS + Flow.HALVING_NANOS / 2;
        assertThat(flow.restNanos(3 * MILLI, half)).isZero();
        flow.executed(1);
        assertThat(flow.restNanos(MILLI, half)).isZero();
        flow.sent(2, 0);
        assertThat(flow.restNanos(3 * MILLI, half)).isZero();
    }

    /** The thread that ran stood still for four seconds, in which nothing was acknowledged: no reason to stand still for minutes. */
    @Test
    void aThreadThatLostItsTurnRestsForAMomentOnly() {
        Flow flow = new Flow();
        flow.sent(1, 0);
        assertThat(flow.restNanos(4_000 * MILLI, 4_000 * MILLI)).isBetween(MILLI, 100 * MILLI);
    }
}
