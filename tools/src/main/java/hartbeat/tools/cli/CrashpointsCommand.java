package hartbeat.tools.cli;

import hartbeat.ft.run.DiskMode;
import hartbeat.proof.Work;
import hartbeat.proof.fault.Situation;
import hartbeat.proof.guest.GuestCase;
import hartbeat.tools.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Kills each side at every point of a workload. */
@Command(
        name = "crashpoints",
        sortOptions = false,
        description = {
            "Kill each side at every point of a workload.",
            "Runs it once, then again for every log entry, output and message of the primary and of the backup, and kills",
            "the process there (four ways) or stops it for a while; checks how the pair goes on from each point."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./hartbeat crashpoints                     every point of each guest's workload, both disk modes",
            "  ./hartbeat crashpoints --guest service     of one guest",
            "  ./hartbeat crashpoints --hours 1           with further seeds, for an hour"
        })
public final class CrashpointsCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    final CommonOptions common = new CommonOptions();

    @Option(
            names = {"--seed"},
            paramLabel = "S",
            description =
                    "The first seed: of what is asked of the guest, latencies, clocks. Default: ${DEFAULT-VALUE}.")
    long seed = 1;

    @Option(
            names = {"--rounds"},
            paramLabel = "N",
            description = "How many seeds. Default: ${DEFAULT-VALUE}, or as many as there is time for with --hours.")
    long rounds = 1;

    @Option(
            names = {"--situation"},
            paramLabel = "WHAT",
            description = "What goes on besides: ${COMPLETION-CANDIDATES}; all of them if it is not given.")
    @Nullable
    Situation situation;

    @Mixin
    final ProofOptions proof = new ProofOptions();

    @Override
    public Integer call() throws InterruptedException {
        if (rounds < 1) {
            throw UserError.usage("--rounds: expected>=1, actual=" + rounds, "each round is one seed");
        }
        proof.check();
        long last = proof.campaign.hours > 0 && rounds == 1 ? Long.MAX_VALUE : seed + rounds;
        List<GuestCase> guests = proof.guests(GuestCase.all());
        return proof.run(
                LongStream.range(seed, last)
                        .mapToObj(number -> sweeps(number, guests))
                        .flatMap(List::stream)
                        .iterator(),
                new ProofOptions.Unit("point", "points"),
                spec.commandLine().getOut(),
                spec.commandLine().getErr());
    }

    private List<Work> sweeps(long number, List<GuestCase> guests) {
        List<Work> sweeps = new ArrayList<>();
        for (GuestCase guest : guests) {
            for (DiskMode mode : proof.diskModes()) {
                situations().forEach(one -> sweeps.add(Work.sweep(guest, mode, one, number)));
            }
        }
        return sweeps;
    }

    private List<Situation> situations() {
        return situation == null ? List.of(Situation.values()) : List.of(situation);
    }
}
