package hartbeat.tools.faults;

import hartbeat.proof.campaign.Budget;
import hartbeat.proof.campaign.Campaign;
import hartbeat.proof.campaign.Finding;
import hartbeat.proof.campaign.Tried;
import hartbeat.tools.UserError;
import hartbeat.tools.process.ManagedProcess;
import hartbeat.tools.process.RunDirectory;
import hartbeat.tools.text.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Real processes' faults as a campaign: {@code ./hartbeat faults} in its sandbox, and what it tells. */
public final class FaultCampaign implements Campaign {
    /** What lives may still take when the time is over. */
    private static final long LAST_SECONDS = 240;

    private static final int ENDED_MILLIS = 200;

    @Override
    public String name() {
        return "faults";
    }

    @Override
    public String unit() {
        return "process faults";
    }

    @Override
    public long floorPerHour() {
        return 1_000;
    }

    /** Hears the process inside; a line is told by one thread only. */
    private static final class Told {
        private final LongConsumer progress;
        private final List<Finding> findings = new ArrayList<>();
        private long count;

        Told(LongConsumer progress) {
            this.progress = progress;
        }

        synchronized void line(String line) {
            Map<String, @Nullable Object> fields;
            try {
                fields = Json.parseObject(line);
            } catch (IllegalArgumentException notOurs) {
                return;
            }
            if ("tried".equals(fields.get("event"))) {
                count++;
                progress.accept(count);
            } else if ("found".equals(fields.get("event"))) {
                findings.add(new Finding(
                        "%s (logs: %s)".formatted(fields.get("what"), fields.get("logs")),
                        String.valueOf(fields.get("repeat"))));
            }
        }

        synchronized long count() {
            return count;
        }

        synchronized List<Finding> findings() {
            return List.copyOf(findings);
        }
    }

    @Override
    public Tried run(Budget budget, LongConsumer progress) {
        Told told = new Told(progress);
        long began = System.nanoTime();
        try (RunDirectory directory = RunDirectory.create("hartbeat-prove");
                ManagedProcess inside = ManagedProcess.start(
                        name(), Sandbox.command(arguments(budget)), directory.resolve("faults.log"), told::line)) {
            boolean ended = false;
            while (!ended && told.count() < budget.enough()) {
                ended = inside.awaitExit(ENDED_MILLIS);
                if (overdue(budget, System.nanoTime() - began)) {
                    throw UserError.failed("faults: expected=the last pair has ended, actual=it still lives", null);
                }
            }
            // Its own verdict on violations is known by its lines; anything else is a failure of the campaign.
            if (ended && inside.exitCode() != 0 && told.findings().isEmpty()) {
                throw UserError.failed(String.join("; ", inside.lastLogLines(1)), null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Tried(name(), unit(), told.count(), told.findings());
    }

    private static boolean overdue(Budget budget, long elapsedNanos) {
        return !budget.time().isZero()
                && elapsedNanos > budget.time().toNanos() + TimeUnit.SECONDS.toNanos(LAST_SECONDS);
    }

    private static List<String> arguments(Budget budget) {
        List<String> arguments = new ArrayList<>(List.of(
                "faults",
                "--inside",
                "--seed",
                Long.toString(budget.seed()),
                "--jobs",
                Integer.toString(budget.jobs()),
                "--status-json",
                "-"));
        if (budget.time().isZero()) {
            arguments.addAll(List.of("--runs", Long.toString(budget.enough())));
        } else {
            arguments.addAll(List.of(
                    "--hours", String.format(Locale.ROOT, "%.6f", budget.time().toMillis() / 3.6e6)));
        }
        return arguments;
    }
}
