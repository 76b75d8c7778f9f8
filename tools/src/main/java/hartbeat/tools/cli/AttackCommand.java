package hartbeat.tools.cli;

import hartbeat.proof.attack.Attack.Result;
import hartbeat.proof.attack.host.AttackRun;
import hartbeat.tools.ExitCode;
import hartbeat.tools.UserError;
import hartbeat.tools.prove.ProofReport;
import hartbeat.tools.prove.Ticker;
import java.io.PrintWriter;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Drives the devices as no driver should. */
@Command(
        name = "attack",
        sortOptions = false,
        description = {
            "Attack every device from inside the machine.",
            "Each seed is a life: a driver, or a guest of its own code, that sets devices up wrongly, offers looping and",
            "endless chains, names memory that is not there, changes queues while they work. Nothing may be written that no",
            "descriptor names, nothing may escape or hang, and a second machine must come to the same state."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./hartbeat attack                        some thousand lives",
            "  ./hartbeat attack --seed 7 --runs 1      one of them",
            "  ./hartbeat attack --hours 1 --seed 100000    further seeds, for an hour"
        })
public final class AttackCommand implements Callable<Integer> {
    private static final int MOST_STEPS_SHOWN = 40;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    final CommonOptions common = new CommonOptions();

    @Option(
            names = {"--seed"},
            paramLabel = "S",
            description = "The first seed. Default: ${DEFAULT-VALUE}.")
    long seed = 1;

    @Option(
            names = {"--runs"},
            paramLabel = "N",
            description = "How many seeds. Default: ${DEFAULT-VALUE}, or as many as there is time for with --hours.")
    long runs = 2000;

    @Mixin
    final CampaignOptions campaign = new CampaignOptions();

    private final Map<String, Row> rows = new TreeMap<>();
    private final Row all = new Row();
    private Ticker ticker = new Ticker();

    private static final class Row {
        long lives;
        long steps;
        long violated;

        void add(Result result) {
            lives++;
            steps += result.steps();
            violated += result.violation() == null ? 0 : 1;
        }

        String text(String name) {
            return "%-18s %,10d %,14d %10d".formatted(name, lives, steps, violated);
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        CampaignOptions.requireRuns(runs, "each run is one seed");
        campaign.check();
        PrintWriter out = spec.commandLine().getOut();
        ticker = new Ticker();
        long forNanos = CampaignOptions.nanos(campaign.hours);
        long lives = campaign.hours == 0 ? runs : Long.MAX_VALUE - Math.max(0, seed);
        new AttackRun(seed, lives, this::take, () -> ticker.nanos() >= forNanos).run(campaign.jobs);
        out.println("%-18s %10s %14s %10s".formatted("attacker, devices", "lives", "steps", "violated"));
        rows.forEach((name, row) -> out.println(row.text(name)));
        out.println(all.text("all"));
        out.println("%.1f s, %,.0f steps per second".formatted(ticker.seconds(), all.steps / ticker.seconds()));
        if (all.violated > 0) {
            throw UserError.failed("violated: %d of %d lives".formatted(all.violated, all.lives), null);
        }
        return ExitCode.DONE;
    }

    private void take(Result result) {
        PrintWriter out = spec.commandLine().getOut();
        all.add(result);
        rows.computeIfAbsent(result.life().name(), _ -> new Row()).add(result);
        if (result.violation() != null && all.violated <= ProofReport.MOST_SHOWN) {
            out.println("violation: " + result.violation());
            out.println("    repeat: " + result.life().command());
            result.shortest().stream().limit(MOST_STEPS_SHOWN).forEach(step -> out.println("    " + step));
            out.flush();
        }
        if (ticker.due()) {
            spec.commandLine()
                    .getErr()
                    .println("%,d lives, %,d steps, %d violated, %.0f s"
                            .formatted(all.lives, all.steps, all.violated, ticker.seconds()));
        }
    }
}
