package hartbeat.tools.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class GuestSpeedTest {
    private final ConsoleWatch console = new ConsoleWatch();

    @Test
    void speedIsTheGuestsOwnCountOverItsOwnClock() throws InterruptedException {
        print("instret: 61014881\r\nbench: scale 4, result 8480b269, 1853 ms\r\ninstret: 244914014\r\n");
        assertThat(GuestSpeed.mips(console, _ -> {}, 0)).isCloseTo(99.24, within(0.01));
    }

    @Test
    void aNumberThatIsStillBeingPrintedIsNotRead() throws InterruptedException {
        print("instret: 61014881\r\nbench: scale 4, result 8480b269, 1853 ms\r\ninstret: 2449");
        assertThat(GuestSpeed.mips(console, _ -> {}, 0)).isNaN();
    }

    private void print(String text) {
        console.console(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
