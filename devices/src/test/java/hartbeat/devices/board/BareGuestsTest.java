package hartbeat.devices.board;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.io.Input;
import hartbeat.emulator.machine.Machine;
import hartbeat.emulator.machine.Stop;
import hartbeat.guest.BareGuest;
import hartbeat.guest.BareGuests;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Guests without an operating system on the whole board. */
class BareGuestsTest {
    private static final long LIMIT = 60_000_000;
    private static final BoardConfig MODERN = Boards.config(1, BoardConfig.Transport.MODERN);

    private static void assertPasses(BareGuest guest, BoardConfig config) {
        Rig rig = Boards.rig(guest, config);
        Stop stop = rig.run(LIMIT);
        assertThat(stop)
                .as("%s at icount %d: %s", guest.name(), rig.machine.icount(), rig.console())
                .isEqualTo(Stop.OFF);
        assertThat(rig.machine.powerOff().exitCode())
                .as("%s: %s %s", guest.name(), rig.machine.powerOff(), rig.console())
                .isZero();
        rig.machine.memory().close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", "timer", "blk", "rng", "counter", "sv32", "fault", "user", "sbi", "sbi-shutdown"})
    void passes(String name) {
        assertPasses(BareGuests.named(name), MODERN);
    }

    @Test
    void twoHartsTakeTurns() {
        assertPasses(BareGuests.named("smp"), Boards.config(2, BoardConfig.Transport.MODERN));
    }

    @ParameterizedTest
    @EnumSource(BoardConfig.Transport.class)
    void devicesOnBothTransports(BoardConfig.Transport transport) {
        assertPasses(BareGuests.named("blk"), Boards.config(1, transport));
    }

    @TestFactory
    Stream<DynamicTest> conformance() {
        List<BareGuest> programs = BareGuests.isa();
        assertThat(programs).isNotEmpty();
        return programs.stream().map(guest -> DynamicTest.dynamicTest(guest.name(), () -> assertPasses(guest, MODERN)));
    }

    @Test
    void echoesWhatIsTyped() {
        Rig rig = Boards.rig(BareGuests.named("console-echo"), MODERN);
        rig.run(LIMIT);
        rig.type(DeviceIndexes.of(MODERN).uart(), "one line that is longer than the FIFO\n");
        rig.run(rig.machine.icount() + LIMIT);
        assertThat(rig.console()).contains("one line that is longer than the FIFO");
        rig.type(DeviceIndexes.of(MODERN).uart(), "quit\n");
        assertThat(rig.run(rig.machine.icount() + LIMIT)).isEqualTo(Stop.OFF);
    }

    @Test
    void answersArp() {
        Rig rig = Boards.rig(BareGuests.named("net-echo"), MODERN);
        rig.run(LIMIT);
        byte[] request = HexFormat.of()
                .parseHex("ffffffffffff" + "020000000001" + "0806" + "0001080006040001" + "020000000001" + "0a000202"
                        + "000000000000" + "0a00020f" + "00".repeat(18));
        rig.machine.apply(
                new Input.FrameReceived(DeviceIndexes.of(MODERN).nics().getFirst(), 1, request));
        rig.run(rig.machine.icount() + LIMIT);
        assertThat(HexFormat.of().formatHex(rig.sent.getFirst().frame()))
                .startsWith(
                        "020000000001" + "525400123456" + "0806" + "0001080006040002" + "525400123456" + "0a00020f");
    }

    /** A machine that is restored in the middle of its requests accepts their completions and has the same future. */
    @ParameterizedTest
    @CsvSource({"blk,1", "blk,5", "rng,1", "counter,3"})
    void goesOnFromASaveInTheMiddleOfARequest(String name, int request) {
        Rig first = Boards.rig(BareGuests.named(name), MODERN);
        first.holdAnswers = true;
        int requests = 0;
        while (requests < request) {
            Stop stop = first.run(first.machine.icount() + 100_000);
            assertThat(stop).isNotEqualTo(Stop.OFF);
            if (!first.held.isEmpty()) {
                requests++;
                if (requests < request) {
                    first.answerHeld();
                }
            }
        }
        byte[] state = first.machine.save();
        Machine second = Boards.machine(BareGuests.named(name), MODERN);
        second.restore(state);
        assertThat(second.save()).isEqualTo(state);
        for (int device = 0; device < second.devices().size(); device++) {
            assertThat(second.devices().get(device).outstanding())
                    .usingRecursiveFieldByFieldElementComparator()
                    .isEqualTo(first.machine.devices().get(device).outstanding());
        }
        assertThat(second.devices().stream()
                        .mapToInt(each -> each.outstanding().size())
                        .sum())
                .isPositive();
        List<Input> answers = List.copyOf(first.held);
        first.answerHeld();
        answers.forEach(second::apply);
        long until = first.machine.icount() + 50_000;
        assertThat(second.runUntil(until)).isEqualTo(first.machine.runUntil(until));
        assertThat(second.icount()).isEqualTo(first.machine.icount());
        while (first.machine.pollOutput() != null) {
            second.pollOutput();
        }
        assertThat(second.save()).isEqualTo(first.machine.save());
    }
}
