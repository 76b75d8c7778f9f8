package hartbeat.ft.gate;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Output;
import org.junit.jupiter.api.Test;

final class GateTest {
    private static Emission emission(long number) {
        return new Emission(number, number * 10, new Output.PowerOff(0, "x"));
    }

    @Test
    void outputWaitsForAnEntryAppendedAfterIt() {
        Gate gate = new Gate(OutputRule.APPENDED_AFTER);
        gate.hold(emission(1), 8);
        assertThat(gate.needsEntry(8)).as("no entry after the output yet").isTrue();
        gate.acknowledged(7);
        assertThat(gate.release())
                .as("the last entry before the output is not enough")
                .isNull();
        assertThat(gate.needsEntry(9)).as("an entry came").isFalse();
        gate.acknowledged(8);
        assertThat(gate.release()).isEqualTo(emission(1));
        assertThat(gate.releasedNumber()).isEqualTo(1);
    }

    @Test
    void outputsMadeCloseTogetherShareOneMarkerAndLeaveInOrder() {
        Gate gate = new Gate(OutputRule.APPENDED_AFTER);
        gate.hold(emission(1), 8);
        gate.hold(emission(2), 8);
        gate.hold(emission(3), 9);
        gate.acknowledged(8);
        assertThat(gate.release()).isEqualTo(emission(1));
        assertThat(gate.release()).isEqualTo(emission(2));
        assertThat(gate.release()).isNull();
        assertThat(gate.needsEntry(9)).isTrue();
    }

    @Test
    void gateIsBounded() {
        Gate gate = new Gate(OutputRule.APPENDED_AFTER);
        for (int i = 1; i < Gate.CAPACITY; i++) {
            gate.hold(emission(i), 1);
            assertThat(gate.full()).isFalse();
        }
        gate.hold(emission(Gate.CAPACITY), 1);
        assertThat(gate.full()).isTrue();
    }

    @Test
    void openGateHoldsNothingBack() {
        Gate gate = new Gate(OutputRule.APPENDED_AFTER);
        gate.hold(emission(1), 8);
        gate.open();
        assertThat(gate.release()).isEqualTo(emission(1));
    }

    @Test
    void backupKeepsWhatIsDoubtfulEvenWhenItIsToldEarly() {
        Withheld withheld = new Withheld();
        withheld.hold(emission(1));
        withheld.released(2);
        withheld.hold(emission(2));
        withheld.hold(emission(3));
        assertThat(withheld.takeDoubtful()).containsExactly(emission(3));
        assertThat(withheld.heldCount()).isZero();
    }
}
