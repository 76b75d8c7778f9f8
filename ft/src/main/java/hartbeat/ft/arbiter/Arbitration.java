package hartbeat.ft.arbiter;

import org.jspecify.annotations.Nullable;

/** A role's dealings with the arbiter: claims are repeated while it cannot be reached, looks are not. */
public final class Arbitration {
    private static final long RETRY_NANOS = 200_000_000;

    private final Arbiter arbiter;
    private final String claimant;
    private Arbiter.@Nullable Question asked;
    private boolean waiting;
    private long retryNanos;
    private @Nullable String unreachable;

    public Arbitration(Arbiter arbiter, String claimant) {
        this.arbiter = arbiter;
        this.claimant = claimant;
    }

    /** Whether a claim is on its way. */
    public boolean claiming() {
        return asked instanceof Arbiter.Claim;
    }

    /** Why the arbiter does not answer, or null. */
    public @Nullable String unreachable() {
        return unreachable;
    }

    public void claim(long generation) {
        asked = new Arbiter.Claim(generation, claimant);
        waiting = true;
        arbiter.ask(asked);
    }

    /** Looks, unless something is asked already. */
    public void look() {
        if (asked == null) {
            asked = new Arbiter.Look();
            waiting = true;
            arbiter.ask(asked);
        }
    }

    /** A final answer, once; null while there is none. */
    public Arbiter.@Nullable Answer poll(long nowNanos) {
        Arbiter.Question question = asked;
        if (question == null) {
            return null;
        }
        if (!waiting) {
            if (nowNanos >= retryNanos) {
                waiting = true;
                arbiter.ask(question);
            }
            return null;
        }
        Arbiter.Answer answer = arbiter.poll();
        if (answer == null) {
            return null;
        }
        if (answer instanceof Arbiter.Unreachable none) {
            unreachable = none.reason();
            waiting = false;
            retryNanos = nowNanos + RETRY_NANOS;
            asked = question instanceof Arbiter.Claim ? question : null;
            return null;
        }
        unreachable = null;
        asked = null;
        return answer;
    }

    /** When to poll again if not woken. */
    public long nextNanos(long nowNanos) {
        return asked == null ? Long.MAX_VALUE : waiting ? nowNanos + 1_000_000 : retryNanos;
    }
}
