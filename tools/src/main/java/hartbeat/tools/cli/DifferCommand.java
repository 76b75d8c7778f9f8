package hartbeat.tools.cli;

import hartbeat.proof.campaign.Budget;
import hartbeat.proof.campaign.Campaign;
import hartbeat.proof.campaign.Finding;
import hartbeat.proof.campaign.Tried;
import hartbeat.proof.differential.StreamBench;
import hartbeat.proof.differential.host.ExecutorCampaign;
import hartbeat.proof.differential.host.QemuCampaign;
import hartbeat.proof.differential.host.QemuMachine;
import hartbeat.tools.ExitCode;
import hartbeat.tools.UserError;
import hartbeat.tools.prove.ProofReport;
import hartbeat.tools.prove.ReplayCampaign;
import hartbeat.tools.prove.Ticker;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** One program on two machines, and what differs. */
@Command(
        name = "differ",
        sortOptions = false,
        description = {
            "Run the same random programs on two machines and compare.",
            "Our machine and QEMU, our executors among each other, or replays of one log in different processes. What",
            "differs is made as small as possible and shown with one command that repeats it."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./hartbeat differ                                   20000 streams of instructions on ours and on QEMU",
            "  ./hartbeat differ --seed 7 --runs 1                 the stream of seed 7",
            "  ./hartbeat differ --against executors --hours 0.5   interpreter and translator in lockstep, a campaign",
            "  ./hartbeat differ --against replays --runs 8        recorded once, replayed under other JVM flags"
        })
public final class DifferCommand implements Callable<Integer> {
    private static final long USUAL_STREAMS = 20_000;
    private static final long USUAL_PROGRAMS = 20;
    private static final long USUAL_REPLAYS = 9;

    /** What is compared with what. */
    enum Against {
        QEMU,
        EXECUTORS,
        REPLAYS
    }

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    final CommonOptions common = new CommonOptions();

    @Option(
            names = {"--against"},
            paramLabel = "WHAT",
            description = "qemu, executors or replays. Default: ${DEFAULT-VALUE}.")
    Against against = Against.QEMU;

    @Option(
            names = {"--seed"},
            paramLabel = "S",
            description = "The first seed; one of the clock if it is not given.")
    @Nullable
    Long seed;

    @Option(
            names = {"--runs"},
            paramLabel = "N",
            description = "How many seeds, one after the other: streams, programs or replays.")
    @Nullable
    Long runs;

    @Mixin
    final CampaignOptions campaign = new CampaignOptions();

    @Override
    public Integer call() {
        CampaignOptions.requireRuns(runs, "each run is one seed");
        campaign.check();
        ProofOptions.quietLogs();
        PrintWriter out = spec.commandLine().getOut();
        long first = CampaignOptions.first(seed);
        long count = runs != null ? runs : campaign.hours > 0 ? Long.MAX_VALUE : usual();
        out.println("seed %d, %s".formatted(first, with()));
        out.flush();
        Ticker ticker = new Ticker();
        Tried tried = tried(first, count, ticker);
        double seconds = ticker.seconds();
        for (Finding finding :
                tried.findings().stream().limit(ProofReport.MOST_SHOWN).toList()) {
            out.println("difference: " + finding.what());
            out.println("    repeat: " + finding.repeat());
        }
        if (against == Against.QEMU) {
            out.println("tolerated, or not tried:");
            StreamBench.known().forEach(line -> out.println("  " + line));
        }
        out.println("%,d %s compared, %d differences, %.0f s, %,.0f per second"
                .formatted(tried.count(), tried.unit(), tried.findings().size(), seconds, tried.count() / seconds));
        if (!tried.findings().isEmpty()) {
            throw UserError.failed("differences: " + tried.findings().size(), "each has its command above");
        }
        return ExitCode.DONE;
    }

    private Tried tried(long first, long count, Ticker ticker) {
        Budget budget = campaign.hours > 0
                ? Budget.of(CampaignOptions.time(campaign.hours), first, campaign.jobs)
                // Of seeds there are so many and no more, whatever each of them counts.
                : Budget.of(against == Against.REPLAYS ? count : Long.MAX_VALUE, first, campaign.jobs);
        Campaign comparison = switch (against) {
            case QEMU -> new QemuCampaign(count, this::detail);
            case EXECUTORS -> new ExecutorCampaign(count);
            case REPLAYS -> new ReplayCampaign();
        };
        Tried tried = comparison.run(budget, done -> progress(comparison.unit(), done, ticker));
        if (comparison instanceof QemuCampaign qemu) {
            spec.commandLine()
                    .getOut()
                    .println("%,d streams; %,d more loop or wait for ever, and were left out"
                            .formatted(qemu.streams(), qemu.leftOut()));
        }
        return tried;
    }

    private synchronized void detail(List<String> lines) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("smallest stream that differs:");
        lines.forEach(out::println);
        out.flush();
    }

    private void progress(String unit, long done, Ticker ticker) {
        if (ticker.due()) {
            spec.commandLine().getErr().println("%,d %s, %.0f s".formatted(done, unit, ticker.seconds()));
        }
    }

    private long usual() {
        return switch (against) {
            case QEMU -> USUAL_STREAMS;
            case EXECUTORS -> USUAL_PROGRAMS;
            case REPLAYS -> USUAL_REPLAYS;
        };
    }

    private String with() {
        if (against != Against.QEMU) {
            return against == Against.EXECUTORS ? "executors in lockstep" : "replays";
        }
        String version = QemuMachine.version();
        if (version.isEmpty()) {
            throw UserError.failed(QemuMachine.PROGRAM + " cannot be run", "apt-get install qemu-system-misc");
        }
        return version;
    }
}
