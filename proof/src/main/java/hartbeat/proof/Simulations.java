package hartbeat.proof;

import hartbeat.proof.guest.GuestCase;
import hartbeat.proof.world.Composition;
import java.util.Map;
import java.util.TreeMap;

/** The simulations of one thread: machines are kept from run to run. */
public final class Simulations implements AutoCloseable {
    /** By the options that name the guest. */
    private final Map<String, Simulation> byGuest = new TreeMap<>();

    private final Composition composition;

    public Simulations(Composition composition) {
        this.composition = composition;
    }

    public Simulation of(GuestCase guest) {
        return byGuest.computeIfAbsent(guest.options(), _ -> new Simulation(guest.machines(), composition));
    }

    @Override
    public void close() {
        byGuest.values().forEach(Simulation::close);
    }
}
