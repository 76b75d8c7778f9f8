package hartbeat.proof.differential.host;

import hartbeat.proof.campaign.Budget;
import hartbeat.proof.campaign.Campaign;
import hartbeat.proof.campaign.Finding;
import hartbeat.proof.campaign.Tried;
import hartbeat.proof.differential.ExecutorLockstep;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** Interpreter and translator against the reference, on random streams with random stops. */
public final class ExecutorCampaign implements Campaign {
    private static final long FLOOR = 1_000_000_000;

    private final long runs;

    /** @param runs how many seeds at most, {@link Long#MAX_VALUE} for no such end */
    public ExecutorCampaign(long runs) {
        this.runs = runs;
    }

    @Override
    public String name() {
        return "executors";
    }

    @Override
    public String unit() {
        return "instructions";
    }

    @Override
    public long floorPerHour() {
        return FLOOR;
    }

    @Override
    public Tried run(Budget budget, LongConsumer progress) {
        List<Finding> findings = Collections.synchronizedList(new ArrayList<>());
        AtomicLong count = new AtomicLong();
        long began = System.nanoTime();
        long end = runs == Long.MAX_VALUE ? runs : budget.seed() + runs;
        new Seeds(budget.seed(), end, () -> budget.spent(System.nanoTime() - began, count.get()))
                .run(budget.jobs(), seeds -> {
                    for (long seed = seeds.take(1); seed != Long.MAX_VALUE; seed = seeds.take(1)) {
                        ExecutorLockstep.Outcome outcome = ExecutorLockstep.of(seed, seeds::spent);
                        progress.accept(count.addAndGet(outcome.instructions()));
                        String difference = outcome.difference();
                        if (difference != null) {
                            findings.add(new Finding(difference, ExecutorLockstep.command(seed)));
                        }
                    }
                });
        return new Tried(name(), unit(), count.get(), findings);
    }
}
