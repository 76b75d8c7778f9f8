package hartbeat.devices.htif;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.machine.RunState;
import hartbeat.emulator.memory.GuestMemory;
import hartbeat.emulator.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every way in which RV32 programs write the 64-bit {@code tohost}. */
class HtifTest {
    private static final long TOHOST = GuestMemory.BASE + 0x1000;
    private static final int PUTCHAR = 0x0101_0000;
    private static final long TICKS_A_MILLISECOND = Clock.TICKS_PER_SECOND / 1000;

    private final RunState run = new RunState();
    private final Clock clock = new Clock(run);
    private final GuestMemory memory = new GuestMemory(1 << 16);
    private final List<Output> outputs = new ArrayList<>();

    HtifTest() {
        new Htif(0, TOHOST, memory, clock, outputs::add);
    }

    @AfterEach
    void close() {
        memory.close();
    }

    private void low(int value) {
        memory.store(TOHOST, 4, value);
    }

    private void high(int value) {
        memory.store(TOHOST + 4, 4, value);
    }

    private void pass(long ticks) {
        clock.apply(new Input.TimeSample(clock.mtime() + ticks, 0));
    }

    private void endedWith(int exitCode) {
        assertThat(outputs).hasSize(1);
        assertThat(outputs.getFirst())
                .isInstanceOfSatisfying(
                        Output.PowerOff.class, off -> assertThat(off.exitCode()).isEqualTo(exitCode));
    }

    private void printed(String text) {
        StringBuilder all = new StringBuilder();
        for (Output output : outputs) {
            assertThat(output).isInstanceOf(Output.ConsoleOutput.class);
            all.append((char) ((Output.ConsoleOutput) output).bytes()[0]);
        }
        assertThat(all).hasToString(text);
    }

    @Test
    void successEndsAtOnce() {
        low(1);
        endedWith(0);
    }

    @Test
    void failureLowThenHigh() {
        low(7);
        assertThat(outputs).isEmpty();
        high(0);
        endedWith(1);
    }

    @Test
    void failureHighThenLow() {
        high(0);
        low(7);
        pass(TICKS_A_MILLISECOND);
        endedWith(1);
    }

    @Test
    void failureByTheLowHalfInALoop() {
        for (int i = 0; i < 3 && outputs.isEmpty(); i++) {
            pass(TICKS_A_MILLISECOND / 2);
            low(7);
        }
        endedWith(1);
    }

    @Test
    void failureByTheLowHalfOnce() {
        low(7);
        pass(TICKS_A_MILLISECOND - 1);
        assertThat(outputs).isEmpty();
        pass(1);
        endedWith(1);
    }

    @Test
    void oddCharactersAreNoEndInEitherOrder() {
        for (char c : "Mac!".toCharArray()) {
            low(c);
            high(PUTCHAR);
            assertThat(memory.i64(TOHOST)).as("acknowledged").isZero();
            high(PUTCHAR);
            low(c);
            assertThat(memory.i64(TOHOST)).as("acknowledged").isZero();
        }
        pass(2 * TICKS_A_MILLISECOND);
        printed("MMaacc!!");
    }

    @Test
    void theEndAfterPrinting() {
        low('a');
        high(PUTCHAR);
        outputs.clear();
        low(1);
        endedWith(0);
    }

    @Test
    void clearingIsNoCommand() {
        low(0);
        high(0);
        low(0);
        pass(2 * TICKS_A_MILLISECOND);
        assertThat(outputs).isEmpty();
    }
}
