package hartbeat.tools.cli;

import hartbeat.ft.run.DiskMode;
import hartbeat.proof.Simulation.Result;
import hartbeat.proof.Totals;
import hartbeat.proof.Work;
import hartbeat.proof.guest.GuestCase;
import hartbeat.proof.host.Workers;
import hartbeat.proof.world.Executors;
import hartbeat.tools.ExitCode;
import hartbeat.tools.UserError;
import hartbeat.tools.UserLog;
import hartbeat.tools.prove.ProofReport;
import hartbeat.tools.prove.Ticker;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code simulate} and {@code crashpoints} have in common: guests, disk modes, threads, and the table at the end. */
final class ProofOptions {
    private static final double NANOS_PER_SECOND = 1e9;

    @Option(
            names = {"--guest"},
            paramLabel = "NAME",
            description = "A bare guest, or all of them: ${COMPLETION-CANDIDATES}.",
            completionCandidates = GuestNames.class)
    @Nullable
    String guest;

    @Option(
            names = {"--kernel"},
            paramLabel = "FILE",
            description = "Instead of --guest: a program for M-mode, an ELF, that switches itself off in the end.")
    @Nullable
    Path kernel;

    @Option(
            names = {"--append"},
            paramLabel = "TEXT",
            description = "Command line of --kernel.")
    String append = "";

    @Option(
            names = {"--memory"},
            paramLabel = "SIZE",
            description = "Memory for --kernel; less is faster. Default: ${DEFAULT-VALUE}.")
    String memory = "1M";

    @Option(
            names = {"--disk-mode"},
            paramLabel = "MODE",
            description = "replicated or shared; both if it is not given.")
    @Nullable
    DiskMode diskMode;

    @Option(
            names = {"--executor"},
            paramLabel = "KIND",
            description = "interpreter, translator, or mixed: translator at the primary. Default: ${DEFAULT-VALUE}.")
    Executors executors = Executors.INTERPRETER;

    @Mixin
    final CampaignOptions campaign = new CampaignOptions();

    private final Map<String, Totals> rows = new TreeMap<>();
    private final Totals all = new Totals();
    private Ticker ticker = new Ticker();

    /** The names that {@code --guest} takes. */
    static final class GuestNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            List<String> names = new ArrayList<>(
                    GuestCase.all().stream().map(GuestCase::name).toList());
            names.add("all");
            return names.iterator();
        }
    }

    /** @param usual the guests if none is named */
    List<GuestCase> guests(List<GuestCase> usual) {
        return named(usual).stream().map(one -> one.on(executors)).toList();
    }

    private List<GuestCase> named(List<GuestCase> usual) {
        Path file = kernel;
        if (file != null) {
            return List.of(own(file));
        }
        String name = guest;
        if (name == null) {
            return usual;
        }
        if (name.equals("all")) {
            return GuestCase.all();
        }
        try {
            return List.of(GuestCase.named(name));
        } catch (IllegalArgumentException e) {
            throw UserError.usage(String.valueOf(e.getMessage()), "try --guest all");
        }
    }

    private GuestCase own(Path file) {
        try {
            GuestCase own = GuestCase.of(
                    file.toString(), Files.readAllBytes(file), append, Math.toIntExact(Sizes.memory(memory)));
            own.machines().close();
            return own;
        } catch (IOException e) {
            throw UserError.failed("--kernel %s: %s".formatted(file, UserError.reason(e)), "check the path", e);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw UserError.failed("--kernel %s: %s".formatted(file, e.getMessage()), "is it an ELF for M-mode?", e);
        }
    }

    List<DiskMode> diskModes() {
        DiskMode mode = diskMode;
        return mode == null ? Arrays.asList(DiskMode.values()) : List.of(mode);
    }

    /** Refuses what cannot be, before anything is printed. */
    void check() {
        campaign.check();
    }

    /** What a campaign counts. */
    record Unit(String one, String many) {
        String of(long count) {
            return count == 1 ? one : many;
        }
    }

    /** Injected faults are no news to the user. */
    static void quietLogs() {
        UserLog.quiet("hartbeat.devices.host");
        UserLog.quiet("hartbeat.lan");
    }

    /** Works a campaign off; progress on {@code err}, violations and the table on {@code out}. */
    int run(Iterator<Work> work, Unit unit, PrintWriter out, PrintWriter err) throws InterruptedException {
        quietLogs();
        ticker = new Ticker();
        long forNanos = CampaignOptions.nanos(campaign.hours);
        new Workers(work, result -> take(result, unit, out, err), () -> ticker.nanos() >= forNanos).run(campaign.jobs);
        table(unit, out);
        if (all.violated() > 0) {
            throw UserError.failed(
                    "violated: %d of %d %s".formatted(all.violated(), all.runs(), unit.of(all.runs())), null);
        }
        return ExitCode.DONE;
    }

    private void take(Result result, Unit unit, PrintWriter out, PrintWriter err) {
        all.add(result);
        String row = "%-13s %-11s"
                .formatted(
                        result.scenario().guest().name(),
                        result.scenario().disk().name().toLowerCase(java.util.Locale.ROOT));
        rows.computeIfAbsent(row, _ -> new Totals()).add(result);
        if (!result.violations().isEmpty() && all.violated() <= ProofReport.MOST_SHOWN) {
            out.println("violation: " + String.join("; ", result.violations()));
            out.println("    repeat: " + result.scenario().command());
            out.flush();
        }
        if (ticker.due()) {
            double seconds = ticker.seconds();
            err.println("%,d %s, %d violated, %.0f s, %.0f/s"
                    .formatted(all.runs(), unit.of(all.runs()), all.violated(), seconds, all.runs() / seconds));
        }
    }

    private void table(Unit unit, PrintWriter out) {
        out.println("%-13s %-11s %12s %12s %14s %10s"
                .formatted("guest", "disk", unit.many(), "take-overs", "instructions", "violated"));
        rows.forEach((name, totals) -> row(name, totals, out));
        row("%-13s %-11s".formatted("all", ""), all, out);
        double seconds = ticker.seconds();
        out.println("%.1f s, %.0f %s per second, %.0f s simulated"
                .formatted(seconds, all.runs() / seconds, unit.many(), all.simulatedNanos() / NANOS_PER_SECOND));
    }

    private static void row(String name, Totals totals, PrintWriter out) {
        out.println("%s %,12d %,12d %,14d %10d"
                .formatted(name, totals.runs(), totals.takeOvers(), totals.instructions(), totals.violated()));
    }
}
