package hartbeat.proof.attack;

import hartbeat.devices.board.BoardConfig.Transport;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Attacks of one thread, one life after the other; the machines are kept from life to life. */
public final class Attack implements AutoCloseable {
    /** Who attacks. */
    public enum Attacker {
        /** A driver that drives the devices from outside of the guest. */
        DRIVER,
        /** The bare guest {@code attack}, by its own code. */
        GUEST
    }

    /** Of so many lives one is a guest's. */
    private static final int GUESTS = 4;

    private final Map<Transport, DriverLife> drivers = new EnumMap<>(Transport.class);

    /**
     * A life, drawn from its seed.
     *
     * @param transport form of the virtio devices
     */
    public record Life(long seed, Attacker attacker, Transport transport) {
        /** The life of a seed: each is of one attacker and one form of the devices. */
        public static Life of(long seed) {
            return new Life(
                    seed,
                    Math.floorMod(seed, GUESTS) == 0 ? Attacker.GUEST : Attacker.DRIVER,
                    Math.floorMod(seed / GUESTS + seed, 2) == 0 ? Transport.MODERN : Transport.LEGACY);
        }

        /** To stand in a table. */
        public String name() {
            return "%s, %s".formatted(attacker, transport).toLowerCase(Locale.ROOT);
        }

        /** The command that repeats it. */
        public String command() {
            return "./hartbeat attack --seed %d --runs 1".formatted(seed);
        }
    }

    /**
     * How a life went.
     *
     * @param steps driver steps taken
     * @param violation what was wrong, or null
     * @param shortest steps that suffice for the violation, where they could be told
     */
    public record Result(Life life, long steps, @Nullable String violation, List<Step> shortest) {}

    /** Runs a life. @param told the number of each step before it is taken */
    public Result run(long seed, LongConsumer told) {
        Life life = Life.of(seed);
        DriverLife.Outcome outcome = switch (life.attacker()) {
            case DRIVER ->
                drivers.computeIfAbsent(life.transport(), DriverLife::new).run(seed, told);
            case GUEST -> GuestLife.run(seed, life.transport(), told);
        };
        Violation violation = outcome.violation();
        return new Result(life, outcome.steps(), violation == null ? null : violation.getMessage(), outcome.shortest());
    }

    @Override
    public void close() {
        drivers.values().forEach(DriverLife::close);
    }
}
