package hartbeat.ft.sim;

import hartbeat.ft.arbiter.Arbiter;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The shared part of an arbiter on simulated time; each asker has an end of its own. */
public final class SimArbiter {
    private final TreeMap<Long, String> holders = new TreeMap<>();
    private final List<String> wins = new ArrayList<>();
    private long nowNanos;
    private long delayNanos = 2_000_000;
    private boolean reachable = true;

    public SimArbiter() {
        holders.put(1L, "primary");
    }

    public void now(long nanos) {
        nowNanos = nanos;
    }

    public void reachable(boolean value) {
        reachable = value;
    }

    public void delayNanos(long nanos) {
        delayNanos = nanos;
    }

    /** {@code generation:claimant}, in order of the answers. */
    public List<String> wins() {
        return wins;
    }

    public Arbiter end() {
        return new Arbiter() {
            private @Nullable Answer answer;
            private long dueNanos;

            @Override
            public void ask(Question question) {
                answer = decide(question);
                dueNanos = nowNanos + delayNanos;
            }

            @Override
            public @Nullable Answer poll() {
                if (answer == null || nowNanos < dueNanos) {
                    return null;
                }
                Answer due = answer;
                answer = null;
                return due;
            }
        };
    }

    private Arbiter.Answer decide(Arbiter.Question question) {
        if (!reachable) {
            return new Arbiter.Unreachable("arbiter is cut off");
        }
        return switch (question) {
            case Arbiter.Look _ ->
                new Arbiter.Highest(holders.lastKey(), holders.lastEntry().getValue());
            case Arbiter.Claim claim -> {
                String holder = holders.lastKey() > claim.generation()
                        ? holders.lastEntry().getValue()
                        : holders.computeIfAbsent(claim.generation(), _ -> claim.claimant());
                if (holder.equals(claim.claimant())) {
                    wins.add(claim.generation() + ":" + holder);
                    yield new Arbiter.Won(claim.generation());
                }
                yield new Arbiter.Lost(Math.max(claim.generation(), holders.lastKey()), holder);
            }
        };
    }
}
