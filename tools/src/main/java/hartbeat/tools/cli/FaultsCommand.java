package hartbeat.tools.cli;

import hartbeat.proof.campaign.Finding;
import hartbeat.tools.ExitCode;
import hartbeat.tools.UserError;
import hartbeat.tools.compose.StatusLines;
import hartbeat.tools.faults.Kind;
import hartbeat.tools.faults.Matrix;
import hartbeat.tools.faults.Sandbox;
import hartbeat.tools.prove.Ticker;
import hartbeat.tools.text.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Real processes in network namespaces, and what befalls them. */
@Command(
        name = "faults",
        sortOptions = false,
        description = {
            "Kill, stop, cut off and starve real processes, and check every byte from outside.",
            "Pairs run in network namespaces of their own, with a client that asks without pause. Each takes some faults that it",
            "must not even notice, and then one that takes a side away."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./hartbeat faults                                  ten pairs, from a seed of the clock",
            "  ./hartbeat faults --seed 7 --runs 1                one pair, and what seed 7 has for it",
            "  ./hartbeat faults --hours 0.1 --only kill-primary,freeze-primary"
        })
public final class FaultsCommand implements Callable<Integer> {
    private static final long USUAL_RUNS = 10;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    final CommonOptions common = new CommonOptions();

    @Option(
            names = {"--seed"},
            paramLabel = "S",
            description = "Of the first pair; one of the clock if it is not given.")
    @Nullable
    Long seed;

    @Option(
            names = {"--runs"},
            paramLabel = "N",
            description = "How many pairs. Default: 10, or as many as there is time for with --hours.")
    @Nullable
    Long runs;

    @Option(
            names = {"--hours"},
            paramLabel = "H",
            description = "Go on for so many hours; a fraction is good, too.")
    double hours;

    @Option(
            names = {"--only"},
            paramLabel = "KIND",
            split = ",",
            description = "These kinds only, separated by commas. Known: " + KINDS)
    List<String> only = new ArrayList<>();

    private static final String KINDS = "pause-primary, pause-backup, pause-switch, kill-switch, flap, loss, lan-loss,"
            + " lan-delay, lan-one-way, arbiter-away, kill-primary, kill-backup, freeze-primary, freeze-backup,"
            + " power-primary, isolate-primary, cut, cut-to-backup, cut-to-primary, delay, kill-without-arbiter,"
            + " kill-full-arbiter, kill-full-disks, full-primary.";

    @Option(
            names = {"--guest"},
            paramLabel = "service|linux|both",
            defaultValue = "both",
            description =
                    "Guest of the pairs; both: Linux, if it is built, for every eighth (default: ${DEFAULT-VALUE}).")
    Matrix.Guests guests = Matrix.Guests.BOTH;

    @Option(
            names = {"--jobs"},
            paramLabel = "N",
            description = "Pairs side by side. Default: the host's processors.")
    int jobs = Runtime.getRuntime().availableProcessors();

    @Option(
            names = {"--suspect-after"},
            paramLabel = "MILLIS",
            defaultValue = "400",
            description = "Of the pairs (default: ${DEFAULT-VALUE}).")
    long suspectMillis = 400;

    @Option(
            names = {"--status-json"},
            paramLabel = "FILE",
            description = "Append a line of JSON for each fault and each finding; - for standard output.")
    @Nullable
    String statusJson;

    @Option(
            names = {"--inside"},
            hidden = true)
    boolean inside;

    private final Ticker ticker = new Ticker();
    private long tried;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Matrix.Settings settings = settings();
        if (!inside) {
            List<String> arguments =
                    new ArrayList<>(List.of("faults", "--inside", "--seed", Long.toString(settings.seed())));
            arguments.addAll(rest());
            Process process =
                    new ProcessBuilder(Sandbox.command(arguments)).inheritIO().start();
            return process.waitFor();
        }
        try (StatusLines lines = StatusLines.open(statusJson)) {
            return run(settings, lines);
        }
    }

    private List<String> rest() {
        List<String> rest = new ArrayList<>(List.of(
                "--hours",
                Double.toString(hours),
                "--jobs",
                "" + jobs,
                "--suspect-after",
                "" + suspectMillis,
                "--guest",
                guests.name()));
        if (runs != null) {
            rest.addAll(List.of("--runs", runs.toString()));
        }
        if (!only.isEmpty()) {
            rest.addAll(List.of("--only", String.join(",", only)));
        }
        if (statusJson != null) {
            rest.addAll(List.of("--status-json", statusJson));
        }
        return rest;
    }

    private Matrix.Settings settings() {
        CampaignOptions.requireHours(hours);
        CampaignOptions.requireRuns(runs, "each run is one pair");
        if (jobs < 1 || jobs > 64) {
            throw UserError.usage("--jobs: expected=1 to 64, actual=" + jobs, "leave it out for the host's processors");
        }
        if (suspectMillis < 100 || suspectMillis > 5_000) {
            throw UserError.usage("--suspect-after: expected=100 to 5000, actual=" + suspectMillis, "for example 400");
        }
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        only.forEach(name -> kinds.add(Kind.parse(name)));
        long first = CampaignOptions.first(seed);
        long count = runs != null ? runs : hours > 0 ? Long.MAX_VALUE - first : USUAL_RUNS;
        return new Matrix.Settings(
                first,
                count,
                CampaignOptions.nanos(hours),
                kinds.isEmpty() ? EnumSet.allOf(Kind.class) : kinds,
                guests,
                jobs,
                suspectMillis);
    }

    private int run(Matrix.Settings settings, StatusLines lines) throws InterruptedException {
        boolean quiet = "-".equals(statusJson);
        PrintWriter out = spec.commandLine().getOut();
        if (!quiet) {
            out.println("seed %d, %d jobs".formatted(settings.seed(), settings.jobs()));
            out.flush();
        }
        Matrix matrix = new Matrix(settings, new Matrix.Listener() {
            @Override
            public void tried(Kind kind) {
                lines.tell("tried", Map.of("kind", kind.name()));
                progress();
            }

            @Override
            public void found(Finding finding, Path logs) {
                lines.tell(
                        "found", Map.of("what", finding.what(), "repeat", finding.repeat(), "logs", logs.toString()));
                if (!quiet) {
                    out.println("violation: " + finding.what());
                    out.println("    repeat: " + finding.repeat());
                    out.println("    logs: " + logs);
                    out.flush();
                }
            }
        });
        matrix.run();
        List<Long> left = Sandbox.others();
        if (!left.isEmpty()) {
            throw UserError.failed("processes that nobody ended: " + left, "see ps inside");
        }
        if (!quiet) {
            table(matrix, out);
        }
        if (matrix.found() > 0) {
            throw UserError.failed("violated: %d of %d lives".formatted(matrix.found(), matrix.lives()), null);
        }
        return ExitCode.DONE;
    }

    private void progress() {
        tried++;
        if (ticker.due()) {
            spec.commandLine().getErr().println("%,d faults, %.0f s".formatted(tried, ticker.seconds()));
        }
    }

    private void table(Matrix matrix, PrintWriter out) {
        Table table = new Table().row("fault", "tried");
        matrix.counts().forEach((kind, count) -> table.row(kind.toString(), "%,d".formatted(count)));
        out.print(table);
        out.println("%,d faults on %,d pairs, %d violated, %.0f s"
                .formatted(tried, matrix.lives(), matrix.found(), ticker.seconds()));
        out.flush();
    }
}
