package hartbeat.proof;

import hartbeat.ft.run.DiskMode;
import hartbeat.proof.Simulation.Result;
import hartbeat.proof.fault.Ending;
import hartbeat.proof.fault.Fault;
import hartbeat.proof.fault.Situation;
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

    /** A start is over a little after the first side says so. */
    int AFTER_START = 10;

    /** @param enough whether to leave off early */
    void run(Simulations simulations, Consumer<Result> results, BooleanSupplier enough);

    /** One scenario, with everything checked that can be. */
    static Work of(Scenario scenario) {
        return (simulations, results, _) ->
                results.accept(simulations.of(scenario.guest()).run(scenario, true));
    }

    /** A short workload, then the same once for every crossing of every process and every way to be struck there. */
    static Work sweep(GuestCase guest, DiskMode disk, long seed) {
        return sweep(guest, disk, Situation.RUN, seed);
    }

    /**
     * As {@link #sweep(GuestCase, DiskMode, long)}, for every crossing from where the situation begins, or to where it ends; nothing for a
     * situation that is none for this guest.
     */
    static Work sweep(GuestCase guest, DiskMode disk, Situation situation, long seed) {
        return (simulations, results, enough) -> {
            if (!situation.faults(seed).stream().map(Fault.Timed::fault).allMatch(guest::bears)) {
                return;
            }
            Simulation simulation = simulations.of(guest);
            Result base = simulation.run(Scenario.struck(seed, guest, disk, situation, null), true);
            results.accept(base);
            for (int process = 0; process < base.crossings().size(); process++) {
                long marked = base.marks().isEmpty() ? 0 : base.marks().get(process);
                long last = situation == Situation.START && marked > 0
                        ? Math.min(marked + AFTER_START, base.crossings().get(process))
                        : base.crossings().get(process);
                for (long crossing = situation.cold() ? 1 : marked + 1; crossing <= last; crossing++) {
                    for (Strike strike : strikes(process, crossing)) {
                        if (enough.getAsBoolean()) {
                            return;
                        }
                        results.accept(simulation.run(Scenario.struck(seed, guest, disk, situation, strike), false));
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
