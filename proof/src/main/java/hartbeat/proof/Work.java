package hartbeat.proof;

import hartbeat.ft.run.DiskMode;
import hartbeat.proof.Simulation.Result;
import hartbeat.proof.fault.Ending;
import hartbeat.proof.fault.Strike;
import hartbeat.proof.guest.GuestCase;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A part of a campaign, for one thread. */
@FunctionalInterface
public interface Work {
    /** Long enough that a stopped primary is succeeded while it is stopped. */
    long STOP_NANOS = 400_000_000;

    /** @param enough whether to leave off early */
    void run(Simulations simulations, Consumer<Result> results, BooleanSupplier enough);

    /** One scenario, with everything checked that can be. */
    static Work of(Scenario scenario) {
        return (simulations, results, _) ->
                results.accept(simulations.of(scenario.guest()).run(scenario, true));
    }

    /** A short workload, then the same once for every crossing of every process and every way to be struck there. */
    static Work sweep(GuestCase guest, DiskMode disk, long seed) {
        return (simulations, results, enough) -> {
            Simulation simulation = simulations.of(guest);
            Result base = simulation.run(Scenario.struck(seed, guest, disk, null), true);
            results.accept(base);
            for (int process = 0; process < base.crossings().size(); process++) {
                for (long crossing = 1; crossing <= base.crossings().get(process); crossing++) {
                    for (Strike strike : strikes(process, crossing)) {
                        if (enough.getAsBoolean()) {
                            return;
                        }
                        results.accept(simulation.run(Scenario.struck(seed, guest, disk, strike), false));
                    }
                }
            }
        };
    }

    private static List<Strike> strikes(int process, long crossing) {
        List<Strike> strikes = new ArrayList<>();
        for (Ending ending : Ending.values()) {
            strikes.add(Strike.end(process, crossing, ending));
        }
        strikes.add(Strike.stop(process, crossing, STOP_NANOS));
        return strikes;
    }
}
