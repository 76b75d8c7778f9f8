package hartbeat.proof;

import hartbeat.proof.Simulation.Result;

/** Figures of a campaign, added up. */
public final class Totals {
    private long runs;
    private long violated;
    private long takeOvers;
    private long simulatedNanos;
    private long instructions;

    public void add(Result result) {
        runs++;
        violated += result.violations().isEmpty() ? 0 : 1;
        takeOvers += result.takeOvers();
        simulatedNanos += result.simulatedNanos();
        instructions += result.instructions();
    }

    public long runs() {
        return runs;
    }

    /** Runs with a violation. */
    public long violated() {
        return violated;
    }

    /** Generations that a process went live in after the first. */
    public long takeOvers() {
        return takeOvers;
    }

    public long simulatedNanos() {
        return simulatedNanos;
    }

    public long instructions() {
        return instructions;
    }
}
