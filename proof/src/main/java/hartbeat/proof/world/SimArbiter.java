package hartbeat.proof.world;

import hartbeat.ft.arbiter.Arbiter;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The arbiter's storage as all ends see it: an atomic test-and-set by generation, that can be slow, away, or lose its answers. */
public final class SimArbiter {
    private final TreeMap<Long, String> holders = new TreeMap<>();
    private final LongSupplier now;
    private long delayNanos = 2_000_000;
    private boolean reachable = true;
    private boolean losesAnswers;

    SimArbiter(LongSupplier now, String firstHolder) {
        this.now = now;
        holders.put(1L, firstHolder);
    }

    void reachable(boolean value) {
        reachable = value;
    }

    void delay(long nanos) {
        delayNanos = nanos;
    }

    /** A claim is carried out and its answer never comes: whether it was made is unknown to who made it. */
    void losesAnswers(boolean value) {
        losesAnswers = value;
    }

    /** Who has each generation. */
    public Map<Long, String> holders() {
        return holders;
    }

    /** @param answered wakes the role */
    Arbiter end(Runnable answered) {
        return new End(answered);
    }

    private final class End implements Arbiter {
        private final Runnable answered;
        private @Nullable Answer answer;
        private long dueNanos;

        End(Runnable answered) {
            this.answered = answered;
        }

        @Override
        public void ask(Question question) {
            answer = decide(question);
            dueNanos = now.getAsLong() + delayNanos;
            answered.run();
        }

        @Override
        public @Nullable Answer poll() {
            if (answer == null || now.getAsLong() < dueNanos) {
                return null;
            }
            Answer due = answer;
            answer = null;
            return due;
        }
    }

    private Arbiter.Answer decide(Arbiter.Question question) {
        if (!reachable) {
            return new Arbiter.Unreachable("arbiter is cut off");
        }
        Arbiter.Answer answer = switch (question) {
            case Arbiter.Look _ ->
                new Arbiter.Highest(holders.lastKey(), holders.lastEntry().getValue());
            case Arbiter.Claim claim -> claimed(claim);
        };
        return losesAnswers ? new Arbiter.Unreachable("the answer was lost") : answer;
    }

    private Arbiter.Answer claimed(Arbiter.Claim claim) {
        if (claim.generation() > holders.lastKey() + 1) {
            return new Arbiter.Unreachable("generation %d is not there yet".formatted(claim.generation() - 1));
        }
        String holder = holders.computeIfAbsent(claim.generation(), _ -> claim.claimant());
        if (holder.equals(claim.claimant())) {
            return new Arbiter.Won(claim.generation());
        }
        return new Arbiter.Lost(holders.lastKey(), holders.lastEntry().getValue());
    }
}
