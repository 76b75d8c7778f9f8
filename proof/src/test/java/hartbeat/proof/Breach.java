package hartbeat.proof;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.ft.run.DiskMode;
import hartbeat.proof.Simulation.Result;
import hartbeat.proof.fault.Ending;
import hartbeat.proof.fault.Fault;
import hartbeat.proof.fault.Situation;
import hartbeat.proof.fault.Strike;
import hartbeat.proof.guest.GuestCase;
import hartbeat.proof.world.Composition;
import java.util.ArrayList;
import java.util.List;

/** How a world with a deliberate fault in it is run. */
final class Breach {
    static final long SEED = Long.getLong("hartbeat.seed", 1);
    static final int PRIMARY = 0;
    static final int BACKUP = 1;
    static final int SPARE = 2;
    static final long MILLI = 1_000_000;
    static final GuestCase SERVICE = GuestCase.named(GuestCase.SERVICE);

    private static final int STRIDE = 5;
    private static final int ENOUGH = 5;

    private Breach() {}

    /** Every few crossings of the primary, killed with all that was on its way. */
    static List<String> killed(Composition composition, DiskMode mode) {
        List<String> found = new ArrayList<>();
        try (Simulation simulation = new Simulation(SERVICE.machines(), composition)) {
            Result base = simulation.run(Scenario.struck(SEED, SERVICE, mode, null), true);
            for (long crossing = 1; crossing <= base.crossings().get(PRIMARY); crossing += STRIDE) {
                Strike strike = Strike.end(PRIMARY, crossing, Ending.CUT);
                found.addAll(simulation
                        .run(Scenario.struck(SEED, SERVICE, mode, strike), false)
                        .violations());
                if (found.size() > ENOUGH) {
                    break;
                }
            }
        }
        return found;
    }

    static List<String> run(Composition composition, DiskMode mode, Fault... faults) {
        List<Fault.Timed> timed = new ArrayList<>();
        for (Fault fault : faults) {
            timed.add(new Fault.Timed(100 * MILLI + timed.size() * 10 * MILLI, fault));
        }
        return violations(
                composition, new Scenario(SEED, SERVICE, mode, Integer.MAX_VALUE, Situation.RUN, timed, null));
    }

    static List<String> violations(Composition composition, Scenario scenario) {
        try (Simulation simulation = new Simulation(scenario.guest().machines(), composition)) {
            return simulation.run(scenario, true).violations();
        }
    }

    /** A short run that nothing befalls but its situation. */
    static Scenario quiet(String guest, Situation situation) {
        return Scenario.struck(SEED, GuestCase.named(guest), DiskMode.REPLICATED, situation, null);
    }

    /** What is found with a fault, where nothing is without. */
    static List<String> only(Composition composition, Scenario scenario) {
        assertThat(violations(Composition.PRODUCT, scenario))
                .as(scenario.command())
                .isEmpty();
        return violations(composition, scenario);
    }
}
