package hartbeat.devices.plic;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlicTest {
    private static final int CLAIM = 0x200004;
    private final boolean[] lines = new boolean[2];
    private final Plic plic = plic();

    private Plic plic() {
        return new Plic(List.of(level -> lines[0] = level, level -> lines[1] = level));
    }

    private void enable(int context, int word, int bits) {
        plic.store(0x2000 + 0x80 * context + 4 * word, 4, bits);
    }

    private void priority(int source, int value) {
        plic.store(4 * source, 4, value);
    }

    @Test
    void forwardsAnEnabledSourceAndClosesItsGatewayUntilCompletion() {
        enable(0, 0, 1 << 10);
        priority(10, 1);
        plic.source(10).level(true);
        assertThat(lines).containsExactly(true, false);
        assertThat(plic.load(0x1000, 4)).isEqualTo(1 << 10);
        assertThat(plic.load(CLAIM, 4)).isEqualTo(10);
        assertThat(lines[0]).isFalse();
        assertThat(plic.load(CLAIM, 4)).isZero();
        plic.store(CLAIM, 4, 10);
        assertThat(lines[0]).as("still asserted").isTrue();
        plic.source(10).level(false);
        assertThat(plic.load(CLAIM, 4)).as("a forwarded request stays").isEqualTo(10);
        plic.store(CLAIM, 4, 10);
        assertThat(lines[0]).isFalse();
    }

    @Test
    void highestPriorityThenLowestNumberComesFirst() {
        enable(0, 0, -1);
        enable(0, 2, -1);
        for (int source : new int[] {3, 5, 70}) {
            priority(source, source == 70 ? 7 : 2);
            plic.source(source).level(true);
        }
        assertThat(List.of(plic.load(CLAIM, 4), plic.load(CLAIM, 4), plic.load(CLAIM, 4)))
                .containsExactly(70, 3, 5);
    }

    @Test
    void thresholdAndPriorityZeroMask() {
        enable(1, 0, 1 << 4);
        plic.source(4).level(true);
        assertThat(lines[1]).as("priority 0 never interrupts").isFalse();
        priority(4, 3);
        assertThat(lines[1]).isTrue();
        plic.store(0x201000, 4, 3);
        assertThat(lines[1]).isFalse();
        plic.store(0x201000, 4, 2);
        assertThat(lines[1]).isTrue();
    }

    @Test
    void aCompletionOfASourceThatIsNotEnabledIsIgnored() {
        enable(0, 0, 1 << 4);
        priority(4, 1);
        plic.source(4).level(true);
        assertThat(plic.load(CLAIM, 4)).isEqualTo(4);
        plic.store(CLAIM + 0x1000, 4, 4);
        plic.store(CLAIM, 4, 5000);
        assertThat(lines[0]).isFalse();
        plic.store(CLAIM, 4, 4);
        assertThat(lines[0]).isTrue();
    }

    @Test
    void registersAreWarl() {
        priority(1, 0xffff);
        assertThat(plic.load(4, 4)).isEqualTo(Plic.MAX_PRIORITY);
        enable(0, 0, -1);
        assertThat(plic.load(0x2000, 4)).as("source 0 does not exist").isEqualTo(-2);
        for (int offset = 0; offset < Plic.SIZE; offset += 1020) {
            plic.load(offset, 4);
            plic.store(offset, 4, -1);
        }
    }

    @Test
    void savedStateGoesOn() {
        enable(0, 0, 1 << 10);
        priority(10, 1);
        plic.source(10).level(true);
        plic.load(CLAIM, 4);
        StateWriter writer = new StateWriter();
        plic.save(writer);
        Plic twin = plic();
        twin.restore(new StateReader(writer.toBytes()));
        twin.store(CLAIM, 4, 10);
        assertThat(twin.load(CLAIM, 4)).isEqualTo(10);
    }
}
