package hartbeat.bench.compare;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class MarkReaderTest {
    private static final long SECOND = 1_000_000_000;

    private final MarkReader reader = new MarkReader(5 * SECOND);

    private void at(long nanos, String text) {
        byte[] bytes = text.getBytes(US_ASCII);
        reader.accept(bytes, bytes.length, nanos);
    }

    @Test
    void aLineCountsWhenItsEndArrives() {
        at(10 * SECOND, "noise\nbench fib begin\r\nbench fi");
        at(11 * SECOND, "b 1");
        at(12 * SECOND, "\n");
        at(14 * SECOND, "bench fib 2\nbench fib 3\n");
        at(16 * SECOND, "bench fib 4\nbench fib end 0x12 0x00000000000000ff\n");
        assertThat(reader.traces())
                .containsExactly(new Trace(
                        "fib",
                        10 * SECOND,
                        List.of(12 * SECOND, 14 * SECOND, 14 * SECOND, 16 * SECOND),
                        16 * SECOND,
                        "0x12",
                        255));
        assertThat(reader.complaint()).isNull();
    }

    @Test
    void steadyIsTheRateOfTheSecondHalf() {
        Trace trace =
                new Trace("x", 0, List.of(10 * SECOND, 11 * SECOND, 12 * SECOND, 14 * SECOND), 14 * SECOND, "0", 0);
        assertThat(trace.steadyLapsPerSecond()).isEqualTo(2 / 3.0, within(1e-12));
        assertThat(trace.seconds()).isEqualTo(14);
        assertThat(new Trace("x", 0, List.of(SECOND), SECOND, "0", 0).steadyLapsPerSecond())
                .isNaN();
    }

    @Test
    void theBootBeginsWithTheProcess() {
        at(8 * SECOND, "bench boot end 0x0 0x10\n");
        assertThat(reader.traces()).singleElement().satisfies(trace -> {
            assertThat(trace.seconds()).isEqualTo(3);
            assertThat(trace.laps()).isZero();
            assertThat(trace.instructions()).isEqualTo(16);
        });
    }

    @Test
    void aLapThatIsMissingOrThereTwiceIsFound() {
        at(1, "bench a begin\nbench a 1\nbench a 3\n");
        assertThat(reader.complaint()).contains("expected=lap 2", "actual=3");
    }

    @Test
    void anEndWithoutFiguresIsFound() {
        at(1, "bench a begin\nbench a end\n");
        assertThat(reader.complaint()).contains("expected=end CHECKSUM INSTRUCTIONS");
    }

    @Test
    void theLastLineIsKeptForMessages() {
        assertThat(reader.lastLine()).isEqualTo("nothing printed");
        at(1, "one\nKernel panic\n");
        assertThat(reader.lastLine()).isEqualTo("Kernel panic");
    }
}
