package hartbeat.bench.jmh;

import hartbeat.tools.ExitCode;
import hartbeat.tools.UserError;
import hartbeat.tools.cli.CommonOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The JMH benchmarks with defaults that take minutes, not hours. */
@Command(
        name = "jmh",
        sortOptions = false,
        description = "Run JMH benchmarks: one per class of cost, and whole workloads in each role of a machine.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./hartbeat bench jmh                              all, one fork each",
            "  ./hartbeat bench jmh trap csr                     those whose names contain one of these words",
            "  ./hartbeat bench jmh Workload -p workload=sieve,wide -p role=plain",
            "  ./hartbeat bench jmh --forks 3 --iterations 8 --json jmh.json"
        })
public final class JmhCommand implements Callable<Integer> {
    private static final String PACKAGE = "hartbeat\\.bench\\.jmh\\.";

    @Mixin
    final CommonOptions common = new CommonOptions();

    @Parameters(
            paramLabel = "FILTER",
            arity = "0..*",
            description = "Words; a benchmark is run if its name contains one of them, in any case (default: all).")
    List<String> filters = new ArrayList<>();

    @Option(
            names = {"--forks"},
            paramLabel = "N",
            defaultValue = "1",
            description = "Fresh JVMs for each benchmark (default: ${DEFAULT-VALUE}).")
    int forks = 1;

    @Option(
            names = {"--warmup"},
            paramLabel = "N",
            defaultValue = "2",
            description = "Iterations before those that count (default: ${DEFAULT-VALUE}).")
    int warmup = 2;

    @Option(
            names = {"--iterations"},
            paramLabel = "N",
            defaultValue = "3",
            description = "Iterations that count (default: ${DEFAULT-VALUE}).")
    int iterations = 3;

    @Option(
            names = {"--millis"},
            paramLabel = "MILLIS",
            defaultValue = "500",
            description = "Length of an iteration (default: ${DEFAULT-VALUE}).")
    long millis = 500;

    @Option(
            names = {"-p"},
            paramLabel = "NAME=VALUE,..",
            description = "Values of a parameter: executor, workload, role.")
    List<String> parameters = new ArrayList<>();

    @Option(
            names = {"--json"},
            paramLabel = "FILE",
            description = "Write JMH's results to a file.")
    @Nullable
    Path json;

    @Override
    public Integer call() {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .forks(range("--forks", forks, 0, 20))
                .warmupIterations(range("--warmup", warmup, 0, 100))
                .measurementIterations(range("--iterations", iterations, 1, 100))
                .warmupTime(TimeValue.milliseconds(range("--millis", (int) millis, 10, 60_000)))
                .measurementTime(TimeValue.milliseconds(millis))
                .shouldFailOnError(true);
        for (String filter : filters) {
            options.include("(?i)" + PACKAGE + ".*" + Pattern.quote(filter));
        }
        if (filters.isEmpty()) {
            options.include(PACKAGE);
        }
        for (String parameter : parameters) {
            int equals = parameter.indexOf('=');
            if (equals <= 0) {
                throw UserError.usage(
                        "-p: expected=NAME=VALUE,.., actual=" + parameter, "for example -p workload=sieve");
            }
            options.param(
                    parameter.substring(0, equals),
                    parameter.substring(equals + 1).split(",", -1));
        }
        if (json != null) {
            options.resultFormat(ResultFormatType.JSON).result(json.toString());
        }
        try {
            new Runner(options.build()).run();
            return ExitCode.DONE;
        } catch (RunnerException e) {
            throw UserError.failed("JMH: " + e.getMessage(), "try ./hartbeat bench jmh without a filter", e);
        }
    }

    private static int range(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw UserError.usage(
                    "%s: expected=%d to %d, actual=%d".formatted(option, least, most, value), "see --help");
        }
        return value;
    }
}
