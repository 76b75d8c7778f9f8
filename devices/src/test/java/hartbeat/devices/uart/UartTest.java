package hartbeat.devices.uart;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.devices.Mistakes;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UartTest {
    private boolean interrupt;
    private final List<Output> outputs = new ArrayList<>();
    private final Uart uart = new Uart(2, level -> interrupt = level, outputs::add);

    private void type(int... bytes) {
        byte[] typed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            typed[i] = (byte) bytes[i];
        }
        uart.apply(new Input.ConsoleInput(2, 0, typed));
    }

    @Test
    void printsWhatIsWritten() {
        uart.store(0, 1, 'A');
        assertThat(outputs)
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactly(new Output.ConsoleOutput(2, new byte[] {'A'}));
        assertThat(uart.load(5, 1)).isEqualTo(0x60);
    }

    @Test
    void divisorLatchHidesDataAndInterruptEnable() {
        uart.store(3, 1, 0x80);
        uart.store(0, 1, 0x34);
        uart.store(1, 1, 0x12);
        assertThat(uart.load(0, 1)).isEqualTo(0x34);
        assertThat(uart.load(1, 1)).isEqualTo(0x12);
        uart.store(3, 1, 3);
        assertThat(uart.load(1, 1)).isZero();
        assertThat(outputs).isEmpty();
    }

    @Test
    void transmitterInterruptComesWhenEnabledAndGoesWhenIdentified() {
        uart.store(1, 1, 2);
        assertThat(interrupt).isTrue();
        assertThat(uart.load(2, 1)).isEqualTo(2);
        assertThat(interrupt).isFalse();
        assertThat(uart.load(2, 1)).isEqualTo(1);
        uart.store(0, 1, 'x');
        assertThat(interrupt).isTrue();
    }

    @Test
    void receiverInterruptFollowsTheTriggerLevel() {
        uart.store(2, 1, 0x41);
        uart.store(1, 1, 1);
        type('a', 'b', 'c');
        assertThat(interrupt).isTrue();
        assertThat(uart.load(2, 1)).as("time-out").isEqualTo(0xcc);
        type('d');
        assertThat(uart.load(2, 1)).as("level 4").isEqualTo(0xc4);
        for (int expected = 'a'; expected <= 'd'; expected++) {
            assertThat(uart.load(5, 1) & 1).isEqualTo(1);
            assertThat(uart.load(0, 1)).isEqualTo(expected);
        }
        assertThat(interrupt).isFalse();
        assertThat(uart.load(5, 1) & 1).isZero();
    }

    @Test
    void manyBytesWaitAndNoneIsLost() {
        uart.store(2, 1, 1);
        byte[] many = new byte[Uart.INPUT_BUFFER];
        for (int i = 0; i < many.length; i++) {
            many[i] = (byte) i;
        }
        assertThat(uart.room()).isEqualTo(many.length);
        uart.apply(new Input.ConsoleInput(2, 0, many));
        assertThat(uart.room()).isZero();
        for (byte octet : many) {
            assertThat(uart.load(5, 1) & 1).isEqualTo(1);
            assertThat((byte) uart.load(0, 1)).isEqualTo(octet);
        }
        assertThat(uart.mistakes().total()).isZero();
        uart.apply(new Input.ConsoleInput(2, 0, new byte[Uart.INPUT_BUFFER + 1]));
        assertThat(uart.mistakes().of(Mistakes.Kind.INPUT_DROPPED)).isEqualTo(1);
    }

    /** As Linux' driver does: console on, port set up with blind reads, interrupt enabled, FIFO switched on, then RTS. */
    @Test
    void whatIsTypedBeforeADriverIsUpWaitsForIt() {
        type('a', 'b', 'c');
        uart.store(1, 1, 0x0f);
        uart.store(1, 1, 0);
        uart.store(4, 1, 0x1a);
        uart.store(4, 1, 0);
        uart.store(2, 1, 7);
        uart.store(2, 1, 0);
        assertThat(uart.load(0, 1)).as("blind read").isZero();
        uart.store(4, 1, 1);
        assertThat(uart.load(5, 1)).as("the console polls the transmitter").isEqualTo(0x60);
        uart.store(0, 1, '#');
        assertThat(uart.load(5, 1) & 1).isZero();
        assertThat(uart.load(0, 1)).as("blind read").isZero();
        uart.store(1, 1, 5);
        assertThat(interrupt).isTrue();
        uart.store(2, 1, 1);
        uart.store(2, 1, 0x81);
        uart.store(4, 1, 3);
        assertThat(uart.load(2, 1) & 0x0f).isEqualTo(0x0c);
        for (int expected : new int[] {'a', 'b', 'c'}) {
            assertThat(uart.load(5, 1) & 1).isEqualTo(1);
            assertThat(uart.load(0, 1)).isEqualTo(expected);
        }
        assertThat(interrupt).isFalse();
    }

    @Test
    void aGuestThatOnlyPollsIsSentToWhenItLooks() {
        type('a', 'b');
        uart.store(2, 1, 7);
        assertThat(uart.load(5, 1) & 1).isEqualTo(1);
        uart.store(2, 1, 7);
        assertThat(uart.load(0, 1)).as("emptied since it looked").isZero();
        assertThat(uart.load(5, 1) & 1).isEqualTo(1);
        assertThat(uart.load(0, 1)).isEqualTo('a');
        assertThat(uart.load(0, 1)).as("not looked for").isZero();
        assertThat(uart.load(5, 1) & 1).isEqualTo(1);
        assertThat(uart.load(0, 1)).isEqualTo('b');
        assertThat(uart.load(5, 1) & 1).isZero();
    }

    @Test
    void withAHandshakeTheTerminalWaitsForRequestToSend() {
        uart.store(4, 1, 1);
        type('a');
        assertThat(uart.load(5, 1) & 1).isZero();
        uart.store(4, 1, 3);
        assertThat(uart.load(5, 1) & 1).isEqualTo(1);
        uart.store(4, 1, 1);
        assertThat(uart.load(0, 1)).as("RTS fell").isZero();
        uart.store(4, 1, 3);
        assertThat(uart.load(5, 1) & 1).isEqualTo(1);
        assertThat(uart.load(0, 1)).isEqualTo('a');
    }

    @Test
    void interruptGateAloneIsNoHandshake() {
        uart.store(4, 1, 0x08);
        type('a');
        assertThat(uart.load(5, 1) & 1).isEqualTo(1);
        assertThat(uart.load(0, 1)).isEqualTo('a');
    }

    @Test
    void whatWaitsAtTheOtherEndOutlivesAReset() {
        type('a');
        uart.reset();
        assertThat(uart.load(5, 1) & 1).isEqualTo(1);
        assertThat(uart.load(0, 1)).isEqualTo('a');
    }

    @Test
    void loopbackStaysInside() {
        uart.store(4, 1, 0x10);
        uart.store(0, 1, 'q');
        assertThat(outputs).isEmpty();
        assertThat(uart.load(0, 1)).isEqualTo('q');
        uart.store(0, 1, '1');
        uart.store(0, 1, '2');
        assertThat(uart.load(5, 1) & 2).as("overrun").isEqualTo(2);
        assertThat(uart.load(5, 1) & 2).as("is cleared by reading").isZero();
        uart.store(4, 1, 0x1f);
        assertThat(uart.load(6, 1) & 0xf0).isEqualTo(0xf0);
    }

    @Test
    void scratchKeepsAByte() {
        uart.store(7, 1, 0x5a);
        assertThat(uart.load(7, 1)).isEqualTo(0x5a);
    }

    @Test
    void savedStateGoesOn() {
        uart.store(4, 1, 3);
        uart.store(2, 1, 0x81);
        uart.store(1, 1, 3);
        for (int i = 0; i < 40; i++) {
            type(i);
        }
        uart.load(0, 1);
        StateWriter writer = new StateWriter();
        uart.save(writer);
        Uart twin = new Uart(2, level -> interrupt = level, outputs::add);
        StateReader reader = new StateReader(writer.toBytes());
        twin.restore(reader);
        reader.end();
        for (int i = 1; i < 40; i++) {
            assertThat(twin.load(2, 1)).isEqualTo(uart.load(2, 1));
            assertThat(twin.load(0, 1)).isEqualTo(i);
            uart.load(0, 1);
        }
    }
}
