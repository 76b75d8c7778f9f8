package hartbeat.proof.attack.host;

import hartbeat.proof.attack.Attack.Result;
import hartbeat.proof.campaign.Budget;
import hartbeat.proof.campaign.Campaign;
import hartbeat.proof.campaign.Finding;
import hartbeat.proof.campaign.Tried;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** Attacks from one seed after the other. */
public final class AttackCampaign implements Campaign {
    @Override
    public String name() {
        return "attack";
    }

    @Override
    public String unit() {
        return "driver steps";
    }

    @Override
    public long floorPerHour() {
        return 10_000_000;
    }

    @Override
    public Tried run(Budget budget, LongConsumer progress) {
        AtomicLong steps = new AtomicLong();
        List<Finding> findings = new ArrayList<>();
        long beganNanos = System.nanoTime();
        AttackRun run = new AttackRun(
                budget.seed(),
                Long.MAX_VALUE - Math.max(0, budget.seed()),
                result -> {
                    progress.accept(steps.addAndGet(result.steps()));
                    note(result, findings);
                },
                () -> budget.spent(System.nanoTime() - beganNanos, steps.get()));
        try {
            run.run(budget.jobs());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Tried(name(), unit(), steps.get(), findings);
    }

    private static void note(Result result, List<Finding> findings) {
        String violation = result.violation();
        if (violation != null) {
            findings.add(new Finding(violation, result.life().command()));
        }
    }
}
