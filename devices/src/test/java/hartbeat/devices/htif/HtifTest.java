package hartbeat.devices.htif;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.machine.RunState;
import hartbeat.emulator.memory.GuestMemory;
import hartbeat.emulator.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every way in which RV32 programs write the 64-bit {@code tohost}. */
class HtifTest {
    private static final long TOHOST = GuestMemory.BASE + 0x1000;
    private static final long FROMHOST = TOHOST + 8;
    private static final long CALL = GuestMemory.BASE + 0x2000;
    private static final int PUTCHAR = 0x0101_0000;
    private static final long TICKS_A_MILLISECOND = Clock.TICKS_PER_SECOND / 1000;

    private final RunState run = new RunState();
    private final Clock clock = new Clock(run);
    private final GuestMemory memory = new GuestMemory(1 << 16);
    private final List<Output> outputs = new ArrayList<>();

    HtifTest() {
        new Htif(0, TOHOST, OptionalLong.of(FROMHOST), memory, clock, outputs::add);
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

    private void call(int number, int first, int second, int third) {
        int[] words = {number, first, second, third};
        for (int i = 0; i < words.length; i++) {
            memory.i32(CALL + 8 * i, words[i]);
            memory.i32(CALL + 8 * i + 4, 0);
        }
        low((int) CALL);
        high(0);
    }

    @Test
    void aSystemCallWritesToTheTerminal() {
        memory.i8(GuestMemory.BASE + 0x3000, 'x');
        call(64, 1, (int) GuestMemory.BASE + 0x3000, 1);
        printed("x");
        assertThat(memory.i64(CALL)).isEqualTo(1);
        assertThat(memory.i64(FROMHOST)).isEqualTo(1);
        assertThat(memory.i64(TOHOST)).isZero();
    }

    @Test
    void aSystemCallEndsTheRun() {
        call(93, 3, 0, 0);
        endedWith(1);
    }

    @Test
    void whatIsNotServedIsAnsweredAsSuch() {
        call(64, 1, 0x1000, 1);
        assertThat(memory.i64(CALL)).isNegative();
        call(80, 1, 0, 0);
        assertThat(memory.i64(CALL)).isEqualTo(-38);
        assertThat(outputs).isEmpty();
    }
}
