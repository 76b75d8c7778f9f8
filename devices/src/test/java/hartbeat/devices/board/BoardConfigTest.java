package hartbeat.devices.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hartbeat.emulator.state.StateFormatException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BoardConfigTest {
    static final BoardConfig FULL = new BoardConfig(
            new MachineId(1, 2),
            128 << 20,
            2,
            BoardConfig.Transport.LEGACY,
            List.of(new BoardConfig.Drive(100, true, "disk"), new BoardConfig.Drive(7, false, "")),
            List.of(new BoardConfig.Nic(MacAddress.parse("52:54:00:12:34:56"), 1500)),
            true,
            true,
            "console=ttyS0 ä",
            new RngSeed(1, 2, 3, 4));

    @Test
    void encodingKeepsEverything() {
        assertThat(BoardConfig.decode(FULL.encode())).isEqualTo(FULL);
        assertThat(BoardConfig.decode(FULL.encode()).encode()).isEqualTo(FULL.encode());
    }

    @Test
    void damagedBytesAreRefusedOrHarmless() {
        byte[] good = FULL.encode();
        Random random = new Random(1);
        for (int i = 0; i < good.length; i++) {
            byte[] cut = Arrays.copyOf(good, i);
            assertThatThrownBy(() -> BoardConfig.decode(cut)).isInstanceOf(StateFormatException.class);
        }
        for (int i = 0; i < 20_000; i++) {
            byte[] changed = good.clone();
            changed[random.nextInt(good.length)] = (byte) random.nextInt();
            try {
                assertThat(BoardConfig.decode(changed).encode()).isEqualTo(changed);
            } catch (StateFormatException e) {
                assertThat(e).hasMessageNotContaining("\n");
            }
        }
    }

    @Test
    void anotherVersionIsNamed() {
        byte[] other = FULL.encode();
        other[3] = 9;
        assertThatThrownBy(() -> BoardConfig.decode(other))
                .hasMessageContaining("version 1")
                .hasMessageContaining("version 9");
    }

    @Test
    void devicesFollowFromTheConfiguration() {
        assertThat(DeviceIndexes.of(FULL)).isEqualTo(new DeviceIndexes(2, List.of(6, 7), List.of(8), 9, 10));
    }

    @Test
    void macAddresses() {
        assertThat(MacAddress.parse("52:54:00:AB:cd:01")).hasToString("52:54:00:ab:cd:01");
        assertThatThrownBy(() -> MacAddress.parse("52:54:00:12:34")).hasMessageContaining("six octets");
        assertThatThrownBy(() -> MacAddress.parse("ff:ff:ff:ff:ff:ff")).hasMessageContaining("unicast");
    }
}
