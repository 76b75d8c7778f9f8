package hartbeat.bench.compare;

import hartbeat.bench.compare.Runner.RunFailure;
import hartbeat.tools.UserError;
import hartbeat.tools.process.RunDirectory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Runs every subject in every mode, round by round, so that whatever disturbs the host disturbs all of them alike. */
final class Comparison {
    private final Runner runner;
    private final List<Subject> subjects;
    private final List<Mode> modes;
    private final Consumer<String> progress;
    private final List<Sample> samples = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();
    private final Map<String, String> checksums = new HashMap<>();

    /** A run without figures. The same subject is not run in the same mode again. */
    record Failure(String subject, Mode mode, int round, String reason) {}

    /** @param progress gets a line for each run */
    Comparison(Runner runner, List<Subject> subjects, List<Mode> modes, Consumer<String> progress) {
        this.runner = runner;
        this.subjects = List.copyOf(subjects);
        this.modes = List.copyOf(modes);
        this.progress = progress;
    }

    /** Runs all rounds. */
    Results run(int rounds) throws InterruptedException {
        long start = System.nanoTime();
        for (int round = 1; round <= rounds; round++) {
            for (Subject subject : subjects) {
                round(subject, round, rounds);
            }
        }
        return new Results(subjects, modes, samples, failures, rounds, (System.nanoTime() - start) / 1e9);
    }

    private void round(Subject subject, int round, int rounds) throws InterruptedException {
        Set<Mode> failed = EnumSet.noneOf(Mode.class);
        failures.stream()
                .filter(failure -> failure.subject().equals(subject.name()))
                .forEach(f -> failed.add(f.mode()));
        try (RunDirectory directory = RunDirectory.create("hartbeat-bench")) {
            for (Mode mode : modes) {
                if (failed.contains(mode) || failed.contains(mode.recording())) {
                    continue;
                }
                String head = "[%d/%d] %s %s".formatted(round, rounds, subject.name(), mode.label());
                try {
                    Sample sample = runner.run(subject, mode, round, directory);
                    if (sample != null) {
                        check(sample);
                        samples.add(sample);
                        progress.accept(String.format(Locale.ROOT, "%s: %.2f s", head, sample.wallSeconds()));
                    }
                } catch (RunFailure e) {
                    failed.add(mode);
                    failures.add(new Failure(subject.name(), mode, round, String.valueOf(e.getMessage())));
                    progress.accept(head + ": FAILED: " + e.getMessage());
                }
            }
        } catch (IOException e) {
            throw UserError.failed("the run could not be prepared: " + e.getMessage(), null, e);
        }
    }

    /** Every machine has to come to the same results. */
    private void check(Sample sample) throws RunFailure {
        List<String> marked = sample.traces().stream().map(Trace::workload).toList();
        if (sample.subject() instanceof Subject.Linux linux) {
            List<String> expected = sample.mode() == Mode.NATIVE ? linux.twins() : linux.names();
            if (!marked.equals(expected)) {
                throw new RunFailure("workloads: expected=%s, actual=%s".formatted(expected, marked));
            }
        }
        for (Trace trace : sample.traces()) {
            String key = sample.subject().key(trace.workload());
            String before = checksums.putIfAbsent(key, trace.checksum());
            if (before != null && Long.decode(before).longValue() != Long.decode(trace.checksum())) {
                throw new RunFailure(
                        "%s: checksum: expected=%s, actual=%s".formatted(trace.workload(), before, trace.checksum()));
            }
            if (trace.laps() > 0 && trace.laps() != sample.subject().laps()) {
                throw new RunFailure("%s: laps: expected=%d, actual=%d"
                        .formatted(trace.workload(), sample.subject().laps(), trace.laps()));
            }
        }
    }
}
