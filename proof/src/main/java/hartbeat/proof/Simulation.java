package hartbeat.proof;

import hartbeat.proof.check.Checks;
import hartbeat.proof.fault.FaultPlan;
import hartbeat.proof.world.Composition;
import hartbeat.proof.world.Machines;
import hartbeat.proof.world.Node;
import hartbeat.proof.world.Trace;
import hartbeat.proof.world.Workload;
import hartbeat.proof.world.World;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs scenarios of one guest, one after the other, on one thread. */
public final class Simulation implements AutoCloseable {
    private static final long MILLI = 1_000_000;
    /** A hanging disk is given up after ten seconds, and much may wait then. */
    private static final long PATIENCE_NANOS = 40_000 * MILLI;

    private static final long SHORT_PATIENCE_NANOS = 15_000 * MILLI;

    /** A peer that is gone without a word is given up after thirty seconds, and the next comes after forty. */
    private static final long START_PATIENCE_NANOS = 90_000 * MILLI;

    private static final long FAREWELL_NANOS = 4_000 * MILLI;

    private final Machines machines;
    private final Composition composition;

    /** @param composition the product's, or one with a fault in it */
    public Simulation(Machines machines, Composition composition) {
        this.machines = machines;
        this.composition = composition;
    }

    /**
     * How a run went.
     *
     * @param violations empty if all checks held
     * @param traceHash over every event: equal for equal scenarios
     * @param crossings of each process
     * @param marks crossings of each process when the situation began, or when there was a pair; empty if that never was
     * @param takeOvers generations after the first that a process went live in
     * @param instructions of all machines
     */
    public record Result(
            Scenario scenario,
            List<String> violations,
            long traceHash,
            long events,
            List<Long> crossings,
            List<Long> marks,
            int takeOvers,
            long simulatedNanos,
            long instructions) {}

    /** Runs one scenario. @param deep whether states are digested by the harness itself and the survivor's history is replayed */
    public Result run(Scenario scenario, boolean deep) {
        return run(scenario, deep, null);
    }

    /** As {@link #run(Scenario, boolean)}; every event is told to a reader. */
    public Result run(Scenario scenario, boolean deep, @Nullable Consumer<String> reader) {
        Workload workload = scenario.guest().workload(scenario.seed(), scenario.requests());
        World.Setup setup = new World.Setup(
                scenario.seed(),
                scenario.disk(),
                scenario.situation().cold(),
                scenario.faults(),
                scenario.strike(),
                scenario.guest().computes(),
                deep);
        try (World world = new World(setup, composition, machines, workload, new Trace(reader))) {
            if (scenario.requests() == Integer.MAX_VALUE) {
                world.run(FaultPlan.CALM_NANOS, () -> false);
                workload.finish();
            }
            world.run(patienceNanos(scenario), world::ended);
            world.run(FAREWELL_NANOS, world::atRest);
            List<String> violations = Checks.violations(world, deep);
            return new Result(
                    scenario,
                    violations,
                    world.trace().hash(),
                    world.trace().events(),
                    world.nodes().stream().map(Node::crossings).toList(),
                    world.marks(),
                    Math.max(0, world.liveByGeneration().size() - 1),
                    world.nowNanos(),
                    world.nodes().stream()
                            .mapToLong(node -> node.machine().icount())
                            .sum());
        }
    }

    private static long patienceNanos(Scenario scenario) {
        return scenario.situation().cold()
                ? START_PATIENCE_NANOS
                : scenario.faults().isEmpty() ? SHORT_PATIENCE_NANOS : PATIENCE_NANOS;
    }

    @Override
    public void close() {
        machines.close();
    }
}
