package hartbeat.bench.compare;

import hartbeat.tools.ExitCode;
import hartbeat.tools.UserError;
import hartbeat.tools.cli.CommonOptions;
import hartbeat.tools.process.RunDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Hartbeat beside QEMU and native code. */
@Command(
        name = "qemu",
        sortOptions = false,
        mixinStandardHelpOptions = false,
        description = {
            "Run the same guest images with Hartbeat (plain, beside another, protected, record, replay), QEMU (plain,",
            "icount, record, replay) and, where there is a twin, native code; in turn, several rounds, and compare medians.",
            "docs/bench.md says how to read the figures."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./hartbeat bench qemu --json bench.json --html bench.html",
            "  ./hartbeat bench qemu --quick",
            "  ./hartbeat bench qemu --only sieve,linux-gzip --modes qemu-plain,plain,protected --runs 3",
            "  ./hartbeat bench qemu --bare DIRECTORY"
        })
public final class QemuCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    final CommonOptions common = new CommonOptions();

    @Option(
            names = {"--list"},
            description = "Print the names of the workloads and end.")
    boolean list;

    @Option(
            names = {"--only"},
            split = ",",
            paramLabel = "WORKLOAD",
            description = "These workloads alone; bare and linux stand for all of a kind.")
    List<String> only = List.of();

    @Option(
            names = {"--modes"},
            paramLabel = "MODE,..",
            description =
                    "These modes alone: qemu-plain, qemu-icount, qemu-record, qemu-replay, plain, beside, protected, "
                            + "record, replay, native.")
    @Nullable
    String modes;

    @Option(
            names = {"--runs"},
            paramLabel = "N",
            description = "Rounds, 1 to 99; the figures are their medians (default: 5, with --quick 1).")
    @Nullable
    Integer runs;

    @Option(
            names = {"--quick"},
            description = "Fewer laps, one round: a few minutes.")
    boolean quick;

    @Option(
            names = {"--limit"},
            paramLabel = "SECONDS",
            defaultValue = "300",
            description = "A run that takes longer is ended and counts as failed (default: ${DEFAULT-VALUE}).")
    int limitSeconds = 300;

    @Option(
            names = {"--executor"},
            paramLabel = "NAME",
            description = "Hartbeat's way to run guest code (default: the program's).")
    @Nullable
    String executor;

    @Option(
            names = {"--bare"},
            paramLabel = "DIR",
            description = "Run the .elf files of a directory instead of our own workloads.")
    @Nullable
    Path bare;

    @Option(
            names = {"--json"},
            paramLabel = "FILE",
            description = "Write all figures to a file.")
    @Nullable
    Path json;

    @Option(
            names = {"--html"},
            paramLabel = "FILE",
            description = "Write a page with bars to a file.")
    @Nullable
    Path html;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (list) {
            Workloads.names().forEach(out::println);
            return ExitCode.DONE;
        }
        List<Mode> chosen = modes == null ? List.of(Mode.values()) : Mode.parse(modes);
        int rounds = runs == null ? quick ? 1 : 5 : runs;
        require("--runs", rounds, 1, 99);
        require("--limit", limitSeconds, 1, 86_400);
        List<String> names = Workloads.chosen(only);
        if (bare != null && !only.isEmpty()) {
            throw UserError.usage(
                    "--bare and --only do not go together", "put the files into a directory of their own");
        }
        try (RunDirectory directory = RunDirectory.create("hartbeat-bench")) {
            Workloads.Size size = quick ? Workloads.Size.QUICK : Workloads.Size.FULL;
            List<Subject> subjects =
                    bare == null ? Workloads.subjects(names, size, directory.path()) : Workloads.foreign(bare, size);
            Map<String, String> host = HostFacts.collect();
            Runner runner = new Runner(new CommandLines(executor), limitSeconds);
            Results results =
                    new Comparison(runner, subjects, chosen, line -> err.println("bench: " + line)).run(rounds);
            report(results, host, out);
            return results.failures().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    private void report(Results results, Map<String, String> host, PrintWriter out) {
        out.print(TextReport.of(results));
        out.flush();
        write(json, JsonReport.of(results, host));
        write(html, HtmlReport.of(results, host));
    }

    private static void write(@Nullable Path file, String text) {
        if (file == null) {
            return;
        }
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw UserError.failed("cannot write " + file + ": " + UserError.reason(e), "check the path", e);
        }
    }

    private static void require(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw UserError.usage(
                    "%s: expected=%d to %d, actual=%d".formatted(option, least, most, value), "for example 5");
        }
    }
}
