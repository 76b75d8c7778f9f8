package hartbeat.tools.prove;

import hartbeat.devices.host.posix.Posix;
import hartbeat.proof.campaign.Budget;
import hartbeat.proof.campaign.Campaign;
import hartbeat.proof.campaign.Finding;
import hartbeat.proof.campaign.Tried;
import hartbeat.tools.UserError;
import hartbeat.tools.prove.Campaigns.Entry;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;

/** Runs campaigns: those that compute one after the other on all threads, those that wait beside them. */
public final class Proof {
    private static final long PROGRESS_NANOS = 10_000_000_000L;
    private static final int COMPUTING_NICE = 10;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MILLIS_PER_HOUR = 3.6e6;
    private static final double ABOVE_FLOOR = 1.2;

    private final List<Entry> entries;
    private final Duration time;
    private final long seed;
    private final int jobs;
    private final PrintWriter err;
    private final Ticker whole = new Ticker(PROGRESS_NANOS);

    /**
     * @param time of all campaigns together
     * @param jobs threads of each campaign that computes; those that wait have one
     * @param err is told how it goes on
     */
    public Proof(List<Entry> entries, Duration time, long seed, int jobs, PrintWriter err) {
        this.entries = List.copyOf(entries);
        this.time = time;
        this.seed = seed;
        this.jobs = jobs;
        this.err = err;
    }

    /** A campaign's line in the table. */
    public record Line(Campaign campaign, Tried tried, long nanos) {
        double seconds() {
            return nanos / NANOS_PER_SECOND;
        }
    }

    /** Runs all of them. @return a line for each, in the order in which they were given; when interrupted, of what was tried so far */
    public List<Line> run() {
        try (ExecutorService threads =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            List<Future<List<Line>>> lanes = new ArrayList<>();
            for (List<Entry> lane : lanes()) {
                lanes.add(threads.submit(() -> lane(lane)));
            }
            List<Line> lines = new ArrayList<>();
            for (Future<List<Line>> lane : lanes) {
                lines.addAll(result(lane, threads));
            }
            return inOrder(lines);
        }
    }

    /** Those that compute share a lane. */
    private List<List<Entry>> lanes() {
        List<List<Entry>> lanes = new ArrayList<>();
        List<Entry> computing = entries.stream().filter(entry -> !entry.waits()).toList();
        if (!computing.isEmpty()) {
            lanes.add(computing);
        }
        entries.stream().filter(Entry::waits).forEach(entry -> lanes.add(List.of(entry)));
        return lanes;
    }

    private static List<Line> result(Future<List<Line>> lane, ExecutorService threads) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return lane.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                    threads.shutdownNow();
                }
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("prove: " + e.getCause(), e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private List<Line> inOrder(List<Line> lines) {
        List<Line> ordered = new ArrayList<>();
        for (Entry entry : entries) {
            lines.stream()
                    .filter(line -> line.campaign().equals(entry.campaign()))
                    .forEach(ordered::add);
        }
        return ordered;
    }

    private List<Line> lane(List<Entry> lane) {
        if (!lane.getFirst().waits()) {
            // What waits is about time, and must have its turn when it wants it.
            int unused = Posix.nice(COMPUTING_NICE);
        }
        int shares = lane.stream().mapToInt(Entry::share).sum();
        List<Line> lines = new ArrayList<>();
        for (Entry entry : lane) {
            Budget budget = entry.waits()
                    ? beside(entry.campaign())
                    : Budget.of(time.multipliedBy(entry.share()).dividedBy(shares), seed, jobs);
            lines.add(one(entry.campaign(), budget));
        }
        return lines;
    }

    /** One thread is enough for its floor; more than a little above that would only take the processors from those that compute. */
    private Budget beside(Campaign campaign) {
        boolean alone = entries.stream().allMatch(Entry::waits);
        double floor = campaign.floorPerHour() * (time.toMillis() / MILLIS_PER_HOUR);
        return new Budget(time, alone || floor < 1 ? Long.MAX_VALUE : (long) (floor * ABOVE_FLOOR), seed, 1);
    }

    private Line one(Campaign campaign, Budget budget) {
        tell("%s: for %d s".formatted(campaign.name(), budget.time().toSeconds()));
        Ticker own = new Ticker(PROGRESS_NANOS);
        Tried tried = tried(campaign, budget);
        tell("%s: %,d %s, %d found"
                .formatted(
                        campaign.name(),
                        tried.count(),
                        tried.unit(),
                        tried.findings().size()));
        return new Line(campaign, tried, own.nanos());
    }

    /** A campaign that breaks off has found something as well; the others go on. */
    private Tried tried(Campaign campaign, Budget budget) {
        Progress progress = new Progress(campaign);
        try {
            return campaign.run(budget, progress);
        } catch (RuntimeException e) {
            String what = "the campaign broke off: " + (e instanceof UserError ? e.getMessage() : e.toString());
            return new Tried(
                    campaign.name(),
                    campaign.unit(),
                    progress.count,
                    List.of(new Finding(what, command(campaign, budget))));
        }
    }

    private static String command(Campaign campaign, Budget budget) {
        return String.format(
                Locale.ROOT,
                "./hartbeat prove --only %s --seed %d --jobs %d --hours %.4f",
                campaign.name(),
                budget.seed(),
                budget.jobs(),
                budget.time().toMillis() / MILLIS_PER_HOUR);
    }

    private final class Progress implements LongConsumer {
        private final Campaign campaign;
        private volatile long count;
        private final Ticker ticker = new Ticker(PROGRESS_NANOS);

        Progress(Campaign campaign) {
            this.campaign = campaign;
        }

        @Override
        public void accept(long tried) {
            count = tried;
            if (ticker.due()) {
                tell("%s: %,d %s".formatted(campaign.name(), tried, campaign.unit()));
            }
        }
    }

    private void tell(String text) {
        err.println("[%5.0f s] %s".formatted(whole.seconds(), text));
        err.flush();
    }
}
