package hartbeat.tools.prove;

import hartbeat.proof.campaign.Budget;
import hartbeat.proof.campaign.Campaign;
import hartbeat.proof.campaign.Finding;
import hartbeat.proof.campaign.Tried;
import hartbeat.tools.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code ./hartbeat fuzz} in a process of its own: neither Jazzer nor the targets are on the program's class path. */
public final class FuzzCampaign implements Campaign {
    private static final String VIOLATION = "violation: ";
    private static final String REPEAT = "    repeat: ";
    private static final Pattern ROW = Pattern.compile("(\\w+) +([0-9,]+) +[0-9,]* +[0-9]+");
    private static final String SUM = "all";
    /** A budget without a time is for tests. */
    private static final long LEAST_SECONDS = 10;

    private final Path launcher;

    public FuzzCampaign() {
        this(Path.of(System.getProperty("hartbeat.root", "."), "hartbeat"));
    }

    /** @param launcher the script whose command {@code fuzz} is run */
    FuzzCampaign(Path launcher) {
        this.launcher = launcher;
    }

    @Override
    public String name() {
        return "fuzz";
    }

    @Override
    public String unit() {
        return "inputs";
    }

    @Override
    public long floorPerHour() {
        return 0;
    }

    @Override
    public Tried run(Budget budget, LongConsumer progress) {
        Output output = new Output(progress);
        long seconds = Math.max(LEAST_SECONDS, budget.time().toSeconds());
        List<String> command = List.of(
                launcher.toString(),
                "fuzz",
                "--total-seconds",
                Long.toString(seconds),
                "--seed",
                Long.toString(budget.seed() & Integer.MAX_VALUE));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
            // Who waits for a line cannot be interrupted; the end of the process is the end of its lines.
            Thread reader = Thread.ofPlatform().daemon().name("fuzz output").start(() -> output.read(process));
            finish(process, reader, output);
        } catch (IOException e) {
            throw UserError.failed("cannot start %s fuzz: %s".formatted(launcher, e.getMessage()), null, e);
        }
        return new Tried(name(), unit(), output.count, output.findings);
    }

    /** A command that ends without an input tried, or failed without a finding, has proved nothing, and must not look as if it had. */
    private static void finish(Process process, Thread reader, Output output) {
        try {
            int exitCode = process.waitFor();
            reader.join();
            if (output.findings.isEmpty() && (exitCode != 0 || output.count == 0)) {
                throw UserError.failed(
                        "fuzz: exit code %d after %,d inputs: %s".formatted(exitCode, output.count, output.last),
                        "try ./hartbeat fuzz by itself");
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
    }

    /** What the command prints. */
    private static final class Output {
        private final LongConsumer progress;
        private final List<Finding> findings = new ArrayList<>();
        private String what = "";
        private String last = "";
        private volatile long count;

        Output(LongConsumer progress) {
            this.progress = progress;
        }

        void read(Process process) {
            try (BufferedReader lines = process.inputReader()) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    take(line);
                }
            } catch (IOException ended) {
                // It was made to end.
            }
        }

        private void take(String line) {
            Matcher row = ROW.matcher(line);
            last = line;
            if (line.startsWith(VIOLATION)) {
                what = line.substring(VIOLATION.length());
            } else if (line.startsWith(REPEAT)) {
                findings.add(new Finding(what, line.substring(REPEAT.length())));
            } else if (row.matches() && !row.group(1).equals(SUM)) {
                count += Long.parseLong(row.group(2).replace(",", ""));
                progress.accept(count);
            }
        }
    }
}
