package hartbeat.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole way once, with one short workload on real machines. */
@Timeout(180)
class SmallestRunTest {
    private static final int LAPS = 2;

    @TempDir
    Path directory;

    @Test
    void oneWorkloadOnEveryMachine() throws Exception {
        Path elf = build();
        Subject fib = new Subject.Bare("fib", elf, LAPS, null);
        List<Mode> modes = List.of(Mode.QEMU_PLAIN, Mode.PLAIN, Mode.PROTECTED, Mode.BESIDE, Mode.RECORD, Mode.REPLAY);
        List<String> progress = new ArrayList<>();
        Runner runner = new Runner(new CommandLines(null), 120);
        Results results = new Comparison(runner, List.of(fib), modes, progress::add).run(1);
        assertThat(results.failures()).isEmpty();
        assertThat(progress).hasSize(modes.size());
        assertThat(results.rows()).singleElement().satisfies(row -> {
            assertThat(row.laps()).isEqualTo(LAPS);
            assertThat(row.instructions()).isGreaterThan(1_000_000);
            assertThat(row.cells().keySet()).containsExactlyInAnyOrderElementsOf(modes);
            for (Mode mode : modes) {
                assertThat(row.value(mode, Results.Cell::steadyMips))
                        .as("%s", mode)
                        .isPositive();
                assertThat(row.value(mode, Results.Cell::cpuSeconds))
                        .as("%s", mode)
                        .isPositive();
                assertThat(row.value(mode, Results.Cell::peakBytes))
                        .as("%s", mode)
                        .isGreaterThan(1 << 20);
            }
        });
    }

    @Test
    void aRunThatDoesNotEndIsEndedWithAReason() throws Exception {
        Subject endless = new Subject.Bare("fib", build(), 1_000_000, null);
        Runner runner = new Runner(new CommandLines(null), 1);
        Results results = new Comparison(runner, List.of(endless), List.of(Mode.QEMU_PLAIN), _ -> {}).run(2);
        assertThat(results.failures())
                .as("the second round leaves it out")
                .singleElement()
                .satisfies(failure ->
                        assertThat(failure.reason()).contains("not done after 1 s", "last line: bench fib", "--limit"));
        assertThat(results.samples()).isEmpty();
    }

    private Path build() throws Exception {
        Path recipe = Path.of(System.getProperty("hartbeat.root"), "guest-images", "bench", "build");
        Process process = new ProcessBuilder(recipe.toString(), "--bare", directory.toString(), "fib")
                .inheritIO()
                .start();
        assertThat(process.waitFor()).as("the recipe's exit code").isZero();
        return directory.resolve("fib.elf");
    }
}
