package hartbeat.ft.gate;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Output;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DeliveredTest {
    @Test
    void theBackupIsToldOfAnOutputOnlyOnceItHasArrived() {
        AtomicLong delivered = new AtomicLong();
        Gate gate = new Gate(OutputRule.APPENDED_AFTER, delivered::get);
        gate.open();
        for (int number = 1; number <= 3; number++) {
            gate.hold(new Emission(number, number, new Output.ConsoleOutput(0, new byte[1])), 1);
            gate.release();
        }
        assertThat(gate.releasedNumber()).isEqualTo(3);
        assertThat(gate.deliveredNumber()).as("all wait in the socket").isZero();
        delivered.set(2);
        assertThat(gate.deliveredNumber()).isEqualTo(2);
        delivered.set(Long.MAX_VALUE);
        assertThat(gate.deliveredNumber()).as("nothing under way").isEqualTo(3);
    }
}
