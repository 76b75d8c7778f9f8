package hartbeat.fuzz;

import hartbeat.tools.UserError;
import hartbeat.tools.process.StopAtExit;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Jazzer in a process of its own, for one target. */
final class FuzzRun {
    private static final Pattern UNITS = Pattern.compile("stat::number_of_executed_units: (\\d+)");
    private static final Pattern EDGES = Pattern.compile("#\\d+\\s.* cov: (\\d+) .*");
    private static final Pattern EXCEPTION = Pattern.compile("== Java (?:Exception|Assertion Error): (.*)");
    private static final Pattern LIBFUZZER = Pattern.compile("==\\d+== (?:ERROR|WARNING): libFuzzer: (.*)");
    private static final Pattern ARTIFACT = Pattern.compile(".*Test unit written to (\\S+/(\\w+)-\\S+)");
    /** By the clock, on a host that may be busy with something else. */
    private static final int TIMEOUT_SECONDS = 60;

    private final Target target;
    private final int seed;
    private final Path kept;
    private final Path work;

    /**
     * What was found.
     *
     * @param what in one line
     * @param repeat command that shows it again
     */
    record Finding(String what, String repeat) {}

    /**
     * How a run went.
     *
     * @param edges of the code's flow that were reached
     */
    record Result(long inputs, long edges, List<Finding> findings) {}

    /** @param root directory of the project, whose corpus is read and never written */
    FuzzRun(Path root, Target target, int seed) {
        this.target = target;
        this.seed = seed;
        kept = root.resolve("fuzz/corpus").resolve(target.name());
        work = root.resolve("target/fuzz").resolve(target.name());
    }

    Result run(int seconds) throws IOException, InterruptedException {
        Path corpus = Files.createDirectories(work.resolve("corpus"));
        for (byte[] good : target.seeds()) {
            Files.write(corpus.resolve("seed-" + HexFormat.of().toHexDigits(Arrays.hashCode(good))), good);
        }
        Path found = Files.createDirectories(work.resolve("found"));
        Process process = new ProcessBuilder(command(seconds, corpus, found))
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        Reading reading = new Reading(target);
        List<String> last = new ArrayList<>();
        try (StopAtExit _ = new StopAtExit(process::destroyForcibly);
                BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                reading.take(line);
                last.add(line);
                if (last.size() > 20) {
                    last.removeFirst();
                }
            }
        } finally {
            process.destroyForcibly();
        }
        int exitCode = process.waitFor();
        if (exitCode != 0 && reading.findings.isEmpty()) {
            throw UserError.failed(
                    "Jazzer ended with exit code %d: %s".formatted(exitCode, last.isEmpty() ? "" : last.getLast()),
                    "is there memory for another process of 512 MB?");
        }
        if (reading.inputs == 0 && reading.findings.isEmpty()) {
            reading.findings.add(new Finding(
                    "no input was tried in %d s".formatted(seconds),
                    "./hartbeat fuzz %s --seconds %d --seed %d".formatted(target.name(), seconds, seed)));
        }
        return new Result(reading.inputs, reading.edges, reading.findings);
    }

    private List<String> command(int seconds, Path corpus, Path found) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // What allocates by an unchecked length is to fail.
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-D" + JazzerEntry.PROPERTY + "=" + target.name(),
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + JazzerEntry.class.getName(),
                "--instrumentation_includes=hartbeat.**",
                "--reproducer_path=" + found,
                "-artifact_prefix=" + found + "/",
                "-max_total_time=" + seconds,
                "-timeout=" + TIMEOUT_SECONDS,
                "-rss_limit_mb=4096",
                "-seed=" + seed,
                "-print_final_stats=1",
                corpus.toString()));
        if (Files.isDirectory(kept)) {
            command.add(kept.toString());
        }
        for (String place : List.of("hartbeat.root", "org.lwjgl.librarypath", "org.lwjgl.libname")) {
            String value = System.getProperty(place);
            if (value != null) {
                command.add(1, "-D" + place + "=" + value);
            }
        }
        return command;
    }

    /** What Jazzer says. */
    private static final class Reading {
        private final List<Finding> findings = new ArrayList<>();
        private final Target target;
        private long inputs;
        private long edges;
        private @Nullable String what;

        Reading(Target target) {
            this.target = target;
        }

        void take(String line) {
            Matcher units = UNITS.matcher(line);
            Matcher reached = EDGES.matcher(line);
            Matcher exception = EXCEPTION.matcher(line);
            Matcher error = LIBFUZZER.matcher(line);
            Matcher artifact = ARTIFACT.matcher(line);
            if (units.find()) {
                inputs = Long.parseLong(units.group(1));
            } else if (reached.matches()) {
                edges = Math.max(edges, Long.parseLong(reached.group(1)));
            } else if (exception.find()) {
                what = exception.group(1);
            } else if (error.find() && what == null) {
                what = error.group(1);
            } else if (artifact.matches()) {
                findings.add(new Finding(
                        what == null ? artifact.group(2) : what,
                        "./hartbeat fuzz %s --input %s".formatted(target.name(), artifact.group(1))));
                what = null;
            }
        }
    }
}
