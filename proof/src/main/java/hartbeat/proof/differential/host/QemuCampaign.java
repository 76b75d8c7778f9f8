package hartbeat.proof.differential.host;

import hartbeat.proof.campaign.Budget;
import hartbeat.proof.campaign.Campaign;
import hartbeat.proof.campaign.Finding;
import hartbeat.proof.campaign.Tried;
import hartbeat.proof.differential.StreamBench;
import hartbeat.proof.differential.StreamBench.Compared;
import hartbeat.proof.differential.StreamBench.Difference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Our machine against the distribution's QEMU, on random streams. */
public final class QemuCampaign implements Campaign {
    private static final long FLOOR = 20_000_000;
    /** Seeds of a batch; half of them run with the harness locked, in a process of their own. */
    private static final long BATCH = 2000;
    /** Differences that are made small; those beyond are only counted, as they are mostly the same one. */
    private static final int MOST_SHRUNK = 5;

    private final long runs;
    private final Consumer<List<String>> details;
    private final AtomicLong streams = new AtomicLong();
    private final AtomicLong leftOut = new AtomicLong();

    /**
     * @param runs how many seeds at most, {@link Long#MAX_VALUE} for no such end
     * @param details is given each small stream with what differs, as lines
     */
    public QemuCampaign(long runs, Consumer<List<String>> details) {
        this.runs = runs;
        this.details = details;
    }

    @Override
    public String name() {
        return "qemu";
    }

    @Override
    public String unit() {
        return "instructions";
    }

    @Override
    public long floorPerHour() {
        return FLOOR;
    }

    /** Streams that were compared. */
    public long streams() {
        return streams.get();
    }

    /** Streams that loop or wait for ever on our machine, and were not given to QEMU. */
    public long leftOut() {
        return leftOut.get();
    }

    @Override
    public Tried run(Budget budget, LongConsumer progress) {
        if (QemuMachine.version().isEmpty()) {
            return new Tried(
                    name(),
                    unit(),
                    0,
                    List.of(new Finding(
                            QemuMachine.PROGRAM + " cannot be run: nothing was compared",
                            "apt-get install qemu-system-misc")));
        }
        List<Finding> findings = Collections.synchronizedList(new ArrayList<>());
        AtomicLong count = new AtomicLong();
        long began = System.nanoTime();
        long end = runs == Long.MAX_VALUE ? runs : budget.seed() + runs;
        new Seeds(budget.seed(), end, () -> budget.spent(System.nanoTime() - began, count.get()))
                .run(budget.jobs(), seeds -> {
                    for (long first = seeds.take(BATCH); first != Long.MAX_VALUE; first = seeds.take(BATCH)) {
                        long last = Math.min(first + BATCH, seeds.end());
                        for (int parity = 0; parity < 2; parity++) {
                            batch(first, last, parity, findings, count);
                            progress.accept(count.get());
                        }
                    }
                });
        return new Tried(name(), unit(), count.get(), findings);
    }

    private void batch(long first, long last, int parity, List<Finding> findings, AtomicLong count)
            throws IOException, InterruptedException {
        List<Long> seeds = new ArrayList<>();
        for (long seed = first; seed < last; seed++) {
            if ((seed & 1) == parity) {
                seeds.add(seed);
            }
        }
        if (seeds.isEmpty()) {
            return;
        }
        try (StreamBench bench = StreamBench.of(first, new QemuMachine(false), new QemuMachine(true))) {
            Compared compared = bench.compare(seeds);
            count.addAndGet(compared.instructions());
            streams.addAndGet(compared.compared());
            leftOut.addAndGet(compared.leftOut());
            for (Difference difference : compared.differences()) {
                report(bench, difference, first, last, findings);
            }
        }
    }

    private void report(StreamBench bench, Difference difference, long first, long last, List<Finding> findings)
            throws IOException, InterruptedException {
        long seed = difference.stream().seed();
        boolean shrink = findings.size() < MOST_SHRUNK;
        Difference small = shrink ? bench.shrink(difference.stream()) : difference;
        if (small == null) {
            String what = "stream of seed %d, after those before it only: %s"
                    .formatted(seed, difference.differences().getFirst());
            findings.add(new Finding(what, command(first, last - first)));
            return;
        }
        findings.add(new Finding(
                "stream of seed %d: %s".formatted(seed, small.differences().getFirst()), command(seed, 1)));
        if (shrink) {
            details.accept(StreamBench.lines(small));
        }
    }

    private static String command(long first, long count) {
        return "./hartbeat differ --against qemu --seed %d --runs %d".formatted(first, count);
    }
}
