package hartbeat.tools.cli;

import hartbeat.ft.run.DiskMode;
import hartbeat.proof.Scenario;
import hartbeat.proof.Simulation;
import hartbeat.proof.Simulation.Result;
import hartbeat.proof.Work;
import hartbeat.proof.fault.Ending;
import hartbeat.proof.fault.Situation;
import hartbeat.proof.fault.Strike;
import hartbeat.proof.guest.GuestCase;
import hartbeat.proof.world.Composition;
import hartbeat.tools.ExitCode;
import hartbeat.tools.UserError;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A pair and its faults on simulated time. */
@Command(
        name = "simulate",
        sortOptions = false,
        description = {
            "Run a pair and its faults on simulated time.",
            "Pair, switch, disks, arbiter and clients are in one thread, with faults drawn from a seed; what came out is",
            "checked. A seed repeats a run to the byte."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./hartbeat simulate                          100 histories of faults from a seed of the clock",
            "  ./hartbeat simulate --seed 7 --runs 1000     those of the seeds 7 to 1006",
            "  ./hartbeat simulate --seed 7 --trace         one run, every event of it",
            "  ./hartbeat simulate --hours 0.5 --guest all  a campaign"
        })
public final class SimulateCommand implements Callable<Integer> {
    private static final int USUAL_RUNS = 100;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    final CommonOptions common = new CommonOptions();

    @Option(
            names = {"--seed"},
            paramLabel = "S",
            description = "The first seed; one of the clock if it is not given.")
    @Nullable
    Long seed;

    @Option(
            names = {"--runs"},
            paramLabel = "N",
            description = "How many seeds, one after the other. Default: 1 with --seed, 100 without.")
    @Nullable
    Long runs;

    @Option(
            names = {"--strike"},
            paramLabel = "P:N:HOW",
            description = {
                "A short run without drawn faults; process P (0 primary, 1 backup) is struck at its N-th crossing:",
                "kill, abrupt, power, cut or stop=MILLIS. As crashpoints prints it; or none."
            })
    @Nullable
    String strike;

    @Option(
            names = {"--situation"},
            paramLabel = "WHAT",
            description = "With --strike: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    Situation situation = Situation.RUN;

    @Option(
            names = {"--trace"},
            description = "Print every event of a single run.")
    boolean trace;

    @Mixin
    final ProofOptions proof = new ProofOptions();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        long first = CampaignOptions.first(seed);
        long count =
                runs != null ? runs : proof.campaign.hours > 0 ? Long.MAX_VALUE - first : seed == null ? USUAL_RUNS : 1;
        if (count < 1) {
            throw UserError.usage("--runs: expected>=1, actual=" + count, "each run is one seed");
        }
        proof.check();
        Strike struck = strike == null ? null : strike(strike);
        List<GuestCase> guests = proof.guests(List.of(GuestCase.named(GuestCase.SERVICE)));
        List<DiskMode> modes = proof.diskModes();
        if (count == 1) {
            return single(scenario(first, guests, modes, struck), out);
        }
        out.println("seeds %d to %d".formatted(first, first + count - 1));
        return proof.run(
                LongStream.range(first, first + count)
                        .mapToObj(number -> Work.of(scenario(number, guests, modes, struck)))
                        .iterator(),
                new ProofOptions.Unit("history", "histories"),
                out,
                spec.commandLine().getErr());
    }

    /** Guests and disk modes take turns with the seeds. */
    private Scenario scenario(long number, List<GuestCase> guests, List<DiskMode> modes, @Nullable Strike struck) {
        DiskMode mode = modes.get((int) Long.remainderUnsigned(number, modes.size()));
        GuestCase guest = guests.get((int) Long.remainderUnsigned(number / modes.size(), guests.size()));
        return strike == null
                ? Scenario.faulty(number, guest, mode)
                : Scenario.struck(number, guest, mode, situation, struck);
    }

    private int single(Scenario scenario, PrintWriter out) {
        proof.quietLogs();
        Result result;
        try (Simulation simulation = new Simulation(scenario.guest().machines(), Composition.PRODUCT)) {
            scenario.faults()
                    .forEach(timed -> out.println("%10.3f ms  %s".formatted(timed.atNanos() / 1e6, timed.fault())));
            result = simulation.run(scenario, true, trace ? out::println : null);
        }
        out.println("%s: %d events, trace %016x, %d take-overs, %.0f ms simulated, %d instructions, %d violations"
                .formatted(
                        scenario.command(),
                        result.events(),
                        result.traceHash(),
                        result.takeOvers(),
                        result.simulatedNanos() / 1e6,
                        result.instructions(),
                        result.violations().size()));
        result.violations().forEach(violation -> out.println("violation: " + violation));
        if (!result.violations().isEmpty()) {
            throw UserError.failed(
                    "this run violates %d checks".formatted(result.violations().size()), "--trace shows every event");
        }
        return ExitCode.DONE;
    }

    private static @Nullable Strike strike(String text) {
        if (text.equals("none")) {
            return null;
        }
        String[] words = text.split(":", -1);
        try {
            if (words.length == 3) {
                int process = Integer.parseInt(words[0]);
                long crossing = Long.parseLong(words[1]);
                if (words[2].startsWith("stop=")) {
                    return Strike.stop(process, crossing, Long.parseLong(words[2].substring(5)) * 1_000_000);
                }
                return Strike.end(process, crossing, Ending.valueOf(words[2].toUpperCase(Locale.ROOT)));
            }
        } catch (IllegalArgumentException e) {
            throw badStrike(text);
        }
        throw badStrike(text);
    }

    private static UserError badStrike(String text) {
        return UserError.usage(
                "--strike: expected=PROCESS:CROSSING:kill|abrupt|power|cut|stop=MILLIS, actual=" + text,
                "copy it from what crashpoints has printed");
    }
}
