package hartbeat.proof.fault;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Draws what befalls a pair from a seed: some faults, often several in a row, all over by {@link #CALM_NANOS}. */
public final class FaultPlan {
    /** When all faults have ceased. */
    public static final long CALM_NANOS = 2_000_000_000L;

    private static final long MILLI = 1_000_000;
    private static final long FIRST_NANOS = 2 * MILLI;
    private static final int MOST_FAULTS = 6;

    private final Seeded random;
    private final long spanNanos;

    private FaultPlan(Seeded random, long spanNanos) {
        this.random = random;
        this.spanNanos = spanNanos;
    }

    /**
     * The faults of a seed, in order of time.
     *
     * @param spanNanos how long the guest has something to do; the first fault comes within that time
     */
    public static List<Fault.Timed> draw(long seed, long spanNanos) {
        return new FaultPlan(Seeded.of(seed, "faults"), spanNanos).draw();
    }

    private List<Fault.Timed> draw() {
        List<Fault.Timed> faults = new ArrayList<>();
        long count = random.between(1, MOST_FAULTS);
        long at = FIRST_NANOS + time(spanNanos);
        for (int i = 0; i < count && at < CALM_NANOS; i++) {
            faults.add(new Fault.Timed(at, fault(CALM_NANOS - at)));
            at += time(spanNanos / 2);
        }
        faults.sort(Comparator.comparingLong(Fault.Timed::atNanos));
        return faults;
    }

    /** Short times are as likely as long ones: races are decided within microseconds, suspicions within seconds. */
    private long time(long most) {
        return switch ((int) random.below(4)) {
            case 0 -> random.below(most / 1_000 + 1);
            case 1 -> random.below(most / 30 + 1);
            case 2 -> random.below(most / 4 + 1);
            default -> random.below(most + 1);
        };
    }

    private Fault fault(long left) {
        int process = (int) random.below(2);
        long nanos = Math.min(left, 1 + time(CALM_NANOS));
        return switch ((int) random.below(23)) {
            case 0, 1, 2 -> new Fault.Kill(process, Ending.values()[(int) random.below(Ending.values().length)]);
            case 3, 4, 5 -> new Fault.Freeze(process, nanos);
            case 6, 7 -> partition(nanos);
            case 8 -> new Fault.ChannelStall(random.chance(50), nanos);
            case 9 -> new Fault.ChannelReset();
            case 10 -> new Fault.DatagramLoss((int) random.between(10, 100), (int) random.below(50), nanos);
            case 11 -> new Fault.Delay(time(300 * MILLI), time(300 * MILLI), nanos);
            case 12 -> new Fault.SmallBuffers(random.between(64, 4096), nanos);
            case 13 -> new Fault.LinkStall(process, nanos);
            case 14 -> new Fault.LinkCut(process);
            case 15 -> new Fault.SlowDisk(process, time(400 * MILLI), nanos);
            case 16 -> new Fault.DiskErrors(process, (int) random.between(1, 5));
            case 17 -> arbiter(nanos);
            case 18 -> new Fault.SlowProcessor(process, (int) random.between(2, 60), nanos);
            case 19, 20 -> new Fault.ArbiterAway(process, nanos);
            case 21 -> new Fault.Quit(process);
            default -> new Fault.SwitchRestart(1 + time(500 * MILLI));
        };
    }

    private Fault partition(long nanos) {
        return switch ((int) random.below(3)) {
            case 0 -> new Fault.Partition(true, false, nanos);
            case 1 -> new Fault.Partition(false, true, nanos);
            default -> new Fault.Partition(true, true, nanos);
        };
    }

    private Fault arbiter(long nanos) {
        return switch ((int) random.below(4)) {
            case 0 -> new Fault.ArbiterSlow(time(200 * MILLI), nanos);
            case 1 -> new Fault.ArbiterAnswersLost(nanos);
            case 2 -> new Fault.ArbiterFull(nanos);
            default -> new Fault.ArbiterCrash();
        };
    }
}
