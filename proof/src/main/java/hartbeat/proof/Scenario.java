package hartbeat.proof;

import hartbeat.ft.run.DiskMode;
import hartbeat.proof.fault.Fault;
import hartbeat.proof.fault.FaultPlan;
import hartbeat.proof.fault.Seeded;
import hartbeat.proof.fault.Situation;
import hartbeat.proof.fault.Strike;
import hartbeat.proof.guest.GuestCase;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One run of a world, wholly.
 *
 * @param seed of all chance in it
 * @param requests how much is asked of the guest; {@link Integer#MAX_VALUE} for until faults have ceased
 * @param situation what goes on besides drawn faults
 * @param strike what befalls a process at one of its crossings, or null
 */
public record Scenario(
        long seed,
        GuestCase guest,
        DiskMode disk,
        int requests,
        Situation situation,
        List<Fault.Timed> faults,
        @Nullable Strike strike) {
    /** Requests of a short workload, whose every crossing is tried. */
    public static final int SHORT_REQUESTS = 3;

    private static final int COLD_PERCENT = 25;

    public Scenario {
        faults = List.copyOf(faults);
    }

    /** A run whose faults come from the seed. */
    public static Scenario faulty(long seed, GuestCase guest, DiskMode disk) {
        List<Fault.Timed> faults = FaultPlan.draw(seed, guest.busyNanos()).stream()
                .filter(timed -> guest.bears(timed.fault()))
                .toList();
        Situation situation = Seeded.of(seed, "start").chance(COLD_PERCENT) ? Situation.START : Situation.RUN;
        return new Scenario(seed, guest, disk, Integer.MAX_VALUE, situation, faults, null);
    }

    /** A short run that a process's crossing is struck in, or none. */
    public static Scenario struck(long seed, GuestCase guest, DiskMode disk, @Nullable Strike strike) {
        return struck(seed, guest, disk, Situation.RUN, strike);
    }

    /** As {@link #struck(long, GuestCase, DiskMode, Strike)}, in a situation. */
    public static Scenario struck(
            long seed, GuestCase guest, DiskMode disk, Situation situation, @Nullable Strike strike) {
        return new Scenario(seed, guest, disk, SHORT_REQUESTS, situation, situation.faults(seed), strike);
    }

    /** The command that repeats it. */
    public String command() {
        return "./hartbeat simulate --seed %d %s --disk-mode %s%s"
                .formatted(
                        seed,
                        guest.options(),
                        disk.name().toLowerCase(Locale.ROOT),
                        requests == SHORT_REQUESTS ? struck() : "");
    }

    private String struck() {
        return (situation == Situation.RUN
                        ? ""
                        : " --situation " + situation.name().toLowerCase(Locale.ROOT))
                + " --strike " + text(strike);
    }

    /** How a strike is written on the command line: {@code PROCESS:CROSSING:kill|abrupt|power|cut|stop=MILLIS}, or {@code none}. */
    public static String text(@Nullable Strike strike) {
        if (strike == null) {
            return "none";
        }
        var ending = strike.ending();
        return "%d:%d:%s"
                .formatted(
                        strike.process(),
                        strike.crossing(),
                        ending == null
                                ? "stop=" + strike.stopNanos() / 1_000_000
                                : ending.name().toLowerCase(Locale.ROOT));
    }
}
