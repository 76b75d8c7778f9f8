package hartbeat.fuzz;

import hartbeat.tools.UserError;
import hartbeat.tools.cli.Failures;
import hartbeat.tools.cli.UnbrokenExamples;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Entry of {@code ./hartbeat fuzz}. */
@Command(
        name = "hartbeat fuzz",
        sortOptions = false,
        description = {
            "Fuzz what reads from others.",
            "Jazzer breeds inputs from good ones by what they reach in the code. An exception other than a refusal, memory",
            "without bound or a hang is a finding; its input is kept."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./hartbeat fuzz --list                    the targets",
            "  ./hartbeat fuzz --seconds 60 log link     two of them, a minute each",
            "  ./hartbeat fuzz log --input FILE          one input, with what it throws"
        })
public final class Main implements Callable<Integer> {
    private static final int FAILED = 1;
    /** Jazzer takes some seconds to come to its first input. */
    private static final int START_SECONDS = 5;

    private static final int LEAST_SECONDS = 15;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Parameters(paramLabel = "TARGET", description = "Targets; all of them if none is named.")
    List<String> names = new ArrayList<>();

    @Option(
            names = {"--list"},
            description = "Print the targets.")
    boolean list;

    @Option(
            names = {"--seconds"},
            paramLabel = "N",
            description = "How long for each target. Default: ${DEFAULT-VALUE}.")
    int seconds = 30;

    @Option(
            names = {"--total-seconds"},
            paramLabel = "N",
            description =
                    "Instead: how long in all. Where that is too short for all targets, the seed says which it is for.")
    int totalSeconds;

    @Option(
            names = {"--seed"},
            paramLabel = "S",
            description = "What is bred is drawn from it. Default: ${DEFAULT-VALUE}.")
    int seed = 1;

    @Option(
            names = {"--input"},
            paramLabel = "FILE",
            description = "Read this file with the one target that is named, and nothing else.")
    @Nullable
    Path input;

    private Main() {}

    public static void main(String[] args) {
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(new CommandLine(new Main())
                .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
                .setErr(err)
                .setUsageHelpAutoWidth(true)
                .setHelpFactory(UnbrokenExamples::new)
                .setParameterExceptionHandler(Failures::usage)
                .setExecutionExceptionHandler(Failures::execution)
                .execute(args));
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (list) {
            Targets.all().forEach(target -> out.println("%-14s %s".formatted(target.name(), target.about())));
            return 0;
        }
        if (seconds < 1) {
            throw UserError.usage("--seconds: expected>=1, actual=" + seconds, "30 is usual");
        }
        List<Target> targets = targets();
        if (totalSeconds > 0) {
            targets = dealt(targets);
        }
        Path file = input;
        if (file != null) {
            return one(targets, file, out);
        }
        Path root = Path.of(System.getProperty("hartbeat.root", "."));
        long inputs = 0;
        int found = 0;
        out.println("%-14s %14s %10s %8s".formatted("target", "inputs", "edges", "found"));
        for (Target target : targets) {
            FuzzRun.Result result = new FuzzRun(root, target, seed).run(seconds);
            inputs += result.inputs();
            found += result.findings().size();
            out.println("%-14s %,14d %,10d %8d"
                    .formatted(
                            target.name(),
                            result.inputs(),
                            result.edges(),
                            result.findings().size()));
            for (FuzzRun.Finding finding : result.findings()) {
                out.println("violation: %s: %s".formatted(target.name(), finding.what()));
                out.println("    repeat: " + finding.repeat());
            }
            out.flush();
        }
        out.println("%-14s %,14d %10s %8d".formatted("all", inputs, "", found));
        if (found > 0) {
            throw UserError.failed("violated: %d".formatted(found), "each has its command above");
        }
        return 0;
    }

    /** As many as there is time for, and for each an equal part of it. */
    private List<Target> dealt(List<Target> targets) {
        int count = Math.clamp(totalSeconds / LEAST_SECONDS, 1, targets.size());
        seconds = Math.max(1, totalSeconds / count - START_SECONDS);
        List<Target> chosen = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            chosen.add(targets.get(Math.floorMod(seed + i, targets.size())));
        }
        return chosen;
    }

    private List<Target> targets() {
        if (names.isEmpty()) {
            return Targets.all();
        }
        List<Target> targets = new ArrayList<>();
        for (String name : names) {
            targets.add(Targets.named(name)
                    .orElseThrow(() -> UserError.usage("unknown target: " + name, "see ./hartbeat fuzz --list")));
        }
        return targets;
    }

    private Integer one(List<Target> targets, Path file, PrintWriter out) throws IOException {
        if (targets.size() != 1) {
            throw UserError.usage("--input: expected=one target, actual=" + targets.size(), "name the target");
        }
        try {
            targets.getFirst().test(Files.readAllBytes(file));
            out.println("%s: nothing found".formatted(targets.getFirst().name()));
            return 0;
        } catch (IOException e) {
            throw e;
        } catch (Exception | StackOverflowError | OutOfMemoryError found) {
            // The whole story is wanted here: it is for whoever mends it.
            found.printStackTrace(out);
            out.flush();
            return FAILED;
        }
    }
}
