package hartbeat.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hartbeat.tools.text.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the reports say, from samples that are made up. */
class ReportTest {
    private static final long SECOND = 1_000_000_000;
    private static final Subject FIB = new Subject.Bare("fib", Path.of("fib.elf"), 4, Path.of("native"));
    private static final Subject LINUX = new Subject.Linux(
            Path.of("Image"), Path.of("initrd"), Path.of("bios"), 2, List.of("boot", "gzip"), List.of(), Path.of("n"));
    private static final List<Mode> MODES = List.of(Mode.QEMU_PLAIN, Mode.PLAIN, Mode.PROTECTED);

    /** Four laps of which the last two take {@code lapSeconds} each; 400 million instructions. */
    private static Sample fib(Mode mode, int round, double wallSeconds, long lapSeconds) {
        long third = 10 * SECOND + lapSeconds * SECOND;
        Trace trace = new Trace(
                "fib",
                0,
                List.of(9 * SECOND, 10 * SECOND, third, third + lapSeconds * SECOND),
                20 * SECOND,
                "0x1",
                mode.ours() ? 400_000_000 : 7);
        return new Sample(FIB, mode, round, wallSeconds, 2 * wallSeconds, 100 << 20, List.of(trace));
    }

    private static Sample linux(Mode mode, long bootSeconds, long gzipSeconds) {
        Trace boot = new Trace("boot", 0, List.of(), bootSeconds * SECOND, "0x0", 30_000_000);
        Trace gzip = new Trace(
                "gzip", SECOND, List.of(2 * SECOND, (2 + gzipSeconds) * SECOND), 9 * SECOND, "0x2", 10_000_000);
        return new Sample(LINUX, mode, 1, 30, 31, 200 << 20, List.of(boot, gzip));
    }

    private static Results results() {
        List<Sample> samples = new ArrayList<>();
        for (int round = 1; round <= 3; round++) {
            samples.add(fib(Mode.QEMU_PLAIN, round, round, 4));
            samples.add(fib(Mode.PLAIN, round, 2.0 * round, 1));
            samples.add(fib(Mode.PROTECTED, round, 4.0 * round, 2));
        }
        samples.add(linux(Mode.QEMU_PLAIN, 1, 4));
        samples.add(linux(Mode.PROTECTED, 2, 8));
        return new Results(
                List.of(FIB, LINUX),
                MODES,
                samples,
                List.of(new Comparison.Failure("linux", Mode.PLAIN, 1, "not done after 9 s")),
                3,
                99);
    }

    @Test
    void jsonHasTheAgreedMeansAndOneObjectForEachWorkload() {
        Map<String, Object> json = Json.parseObject(JsonReport.of(results(), Map.of("cores", "2")));
        Map<?, ?> means = (Map<?, ?>) json.get("geomean");
        assertThat(means.keySet().stream().map(Object::toString))
                .contains(
                        "protected_vs_qemu_plain_steady",
                        "protected_vs_qemu_record_steady",
                        "protected_vs_qemu_plain_whole",
                        "protected_vs_unprotected",
                        "replay_vs_record");
        // fib 2 times, gzip half as fast.
        assertThat(number(means, "protected_vs_qemu_plain_steady")).isEqualTo(1, within(1e-5));
        // fib a fourth, boot a half, gzip the same.
        assertThat(number(means, "protected_vs_qemu_plain_whole")).isEqualTo(0.5, within(1e-5));
        assertThat(number(means, "protected_vs_unprotected")).isEqualTo(0.5, within(1e-5));
        assertThat(means.get("replay_vs_record")).as("nothing was replayed").isNull();
        Map<?, ?> workloads = (Map<?, ?>) json.get("workloads");
        assertThat(workloads.keySet().stream().map(Object::toString))
                .containsExactly("fib", "linux-boot", "linux-gzip");
        Map<?, ?> fib = (Map<?, ?>) workloads.get("fib");
        assertThat(fib.get("instructions"))
                .as("as counted by a machine that counts")
                .isEqualTo(400_000_000L);
        Map<?, ?> cell = (Map<?, ?>) ((Map<?, ?>) fib.get("modes")).get("protected");
        assertThat(number(cell, "whole_seconds")).as("median of 4, 8, 12").isEqualTo(8);
        assertThat(number(cell, "steady_laps_per_second")).isEqualTo(0.5);
        assertThat(number(cell, "steady_mips")).isEqualTo(50);
        assertThat(number(cell, "cpu_seconds")).isEqualTo(16);
        assertThat(number(cell, "peak_mib")).isEqualTo(100);
        assertThat(((Map<?, ?>) json.get("worst")).get("workload")).isEqualTo("linux-gzip");
        assertThat((List<?>) json.get("failures")).hasSize(1);
    }

    @Test
    void textHasARowForEachWorkloadAndNamesFailures() {
        String text = TextReport.of(results());
        assertThat(text)
                .containsPattern("fib +25 +100 +50")
                .containsPattern("protected_vs_unprotected +0\\.50")
                .contains("FAILED: linux plain in round 1: not done after 9 s");
    }

    @Test
    void pageStandsAloneAndEscapesWhatItShows() {
        String page = HtmlReport.of(results(), Map.of("processor", "<a&b>"));
        assertThat(page)
                .startsWith("<!DOCTYPE html>")
                .contains("<svg", "&lt;a&amp;b&gt;", "linux-gzip")
                .doesNotContain("<a&b>", "src=", "href=");
    }

    private static double number(Map<?, ?> map, String key) {
        return ((Number) map.get(key)).doubleValue();
    }
}
