package hartbeat.tools.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ConsoleWatchTest {
    private static ConsoleWatch.Ticks ticks(String console) {
        ConsoleWatch watch = new ConsoleWatch();
        watch.console(console.getBytes(StandardCharsets.US_ASCII));
        return watch.ticks();
    }

    @Test
    void wholeLinesInOrderAreRight() {
        ConsoleWatch.Ticks ticks =
                ticks("hartbeat:/root# guest tick 50 &\r\ntick 1\r\nhartbeat:/root# echo hatick 2\r\ntick 3\r\ntick 4");

        assertThat(ticks.complaint()).isEmpty();
        assertThat(ticks.count()).isEqualTo(3);
    }

    @Test
    void aLostLineIsNoticed() {
        assertThat(ticks("tick 1\r\ntick 3\r\n").complaint()).contains("expected=tick 2", "actual=tick 3");
    }

    @Test
    void aRepeatedLineIsNoticed() {
        assertThat(ticks("tick 1\r\ntick 1\r\n").complaint()).contains("expected=tick 2", "actual=tick 1");
    }

    @Test
    void aLostByteIsNoticed() {
        assertThat(ticks("tick 1\r\ntick\r\n").complaint()).contains("garbled");
        assertThat(ticks("tick 1\r\ntick 2x\r\n").complaint()).contains("garbled");
    }

    @Test
    void theKernelMayHaveItsSayWithinALine() {
        String message = "[    9.584032] hrtimer: interrupt took 43554800 ns\r\n";
        assertThat(ticks("# gu" + message + "est tick 50 &\r\nti" + message + "ck 1\r\n" + message + "tick 2\r\n"))
                .isEqualTo(new ConsoleWatch.Ticks(2, 2, ""));
        assertThat(ticks("ti" + message + "k 1\r\n").complaint()).isNotEmpty();
    }

    @Test
    void silenceIsNoticed() {
        assertThat(ticks("nothing here\r\n").complaint()).isNotEmpty();
    }

    @Test
    void resultsOfTypedCommandsAreCounted() {
        ConsoleWatch watch = new ConsoleWatch();
        watch.console("echo typed:$((1000+1)).\r\ntyped:1001.\r\ntyped:1001.\r\n".getBytes(StandardCharsets.US_ASCII));

        assertThat(watch.occurrences(Typist.result(1))).isEqualTo(2);
        assertThat(watch.occurrences(Typist.result(2))).isZero();
    }
}
