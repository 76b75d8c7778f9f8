package hartbeat.tools.cli;

import hartbeat.tools.ExitCode;
import hartbeat.tools.UserError;
import hartbeat.tools.process.StopAtExit;
import hartbeat.tools.prove.Campaigns;
import hartbeat.tools.prove.Campaigns.Entry;
import hartbeat.tools.prove.Proof;
import hartbeat.tools.prove.ProofReport;
import hartbeat.tools.prove.Ticker;
import hartbeat.tools.text.OutputFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** All campaigns and one table. */
@Command(
        name = "prove",
        sortOptions = false,
        description = {
            "Run every kind of proof and end with one table.",
            "What was tried, how often, what was found. Whatever is found comes with one command that repeats it, and exit",
            "code 1. From an hour on, trying less than the floor is a failure, too."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./hartbeat prove --quick                       all of it, a few minutes",
            "  ./hartbeat prove --hours 1 --json proof.json   a campaign",
            "  ./hartbeat prove --hours 0.2 --only simulate   one kind"
        })
public final class ProveCommand implements Callable<Integer> {
    private static final Duration QUICK = Duration.ofMinutes(5);

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    final CommonOptions common = new CommonOptions();

    @Option(
            names = {"--quick"},
            description = "Five minutes in all, without floors.")
    boolean quick;

    @Option(
            names = {"--hours"},
            paramLabel = "H",
            description =
                    "Hours in all; a fraction is good, too. They are dealt out so that each kind reaches its floor.")
    double hours;

    @Option(
            names = {"--seed"},
            paramLabel = "S",
            description = "What everything is drawn from; one of the clock if it is not given.")
    @Nullable
    Long seed;

    @Option(
            names = {"--only"},
            paramLabel = "NAME",
            split = ",",
            description = "These kinds only, separated by commas.")
    List<String> only = new ArrayList<>();

    @Option(
            names = {"--jobs"},
            paramLabel = "N",
            description = "Threads of each kind. Default: the host's processors.")
    int jobs = Runtime.getRuntime().availableProcessors();

    @Option(
            names = {"--json"},
            paramLabel = "FILE",
            description = "Write table and findings to a file.")
    @Nullable
    Path json;

    @Override
    public Integer call() {
        Duration time = time();
        CampaignOptions.requireJobs(jobs);
        List<Entry> entries = entries();
        OutputFile.require("--json", json);
        ProofOptions.quietLogs();
        long first = CampaignOptions.first(seed);
        PrintWriter out = spec.commandLine().getOut();
        out.println("seed %d, %d jobs".formatted(first, jobs));
        out.flush();
        Ticker ticker = new Ticker();
        Thread self = Thread.currentThread();
        ProofReport report;
        try (StopAtExit _ = new StopAtExit(self::interrupt)) {
            List<Proof.Line> lines =
                    new Proof(entries, time, first, jobs, spec.commandLine().getErr()).run();
            report = new ProofReport(lines, first, hours >= 1 ? hours : 0, ticker.seconds());
            report.print(out);
        }
        if (json != null) {
            OutputFile.write("--json", json, report.json());
        }
        return verdict(report);
    }

    private static int verdict(ProofReport report) {
        if (report.found() > 0) {
            throw UserError.failed("violations: " + report.found(), "each has its command above");
        }
        if (!report.missed().isEmpty()) {
            throw UserError.failed(
                    "floor missed: " + String.join("; ", report.missed()), "is the host busy with something else?");
        }
        return ExitCode.DONE;
    }

    private Duration time() {
        if (quick == (hours != 0)) {
            throw UserError.usage(
                    "prove: expected=either --quick or --hours H, actual=%s".formatted(quick ? "both" : "neither"),
                    "try --quick");
        }
        CampaignOptions.requireHours(hours);
        return quick ? QUICK : CampaignOptions.time(hours);
    }

    private List<Entry> entries() {
        List<Entry> all = Campaigns.all();
        List<String> names = all.stream().map(entry -> entry.campaign().name()).toList();
        for (String name : only) {
            if (!names.contains(name)) {
                throw UserError.usage(
                        "--only: expected=some of %s, actual=%s".formatted(String.join(",", names), name),
                        "leave it out for all");
            }
        }
        return only.isEmpty()
                ? all
                : all.stream()
                        .filter(entry -> only.contains(entry.campaign().name()))
                        .toList();
    }
}
