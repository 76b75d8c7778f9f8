package hartbeat.proof.fault;

import java.util.List;

/** In what a process is struck at each of its crossings: what goes on besides. */
public enum Situation {
    /** A pair that works undisturbed. */
    RUN,
    /** Processes that are started apart and make a pair; struck until there is one. */
    START,
    /** The user stops the primary; struck from then on. */
    END,
    /** The way between the sides is cut, so that both claim; struck from then on. */
    SPLIT,
    /** The primary is killed; the other is struck from then on, as it takes over. */
    SUCCESSION,
    /** The switch is killed and started again; struck from then on. */
    SWITCH;

    private static final long MILLI = 1_000_000;
    private static final long SPLIT_NANOS = 3_000 * MILLI;
    private static final long DOWN_NANOS = 30 * MILLI;

    /** Whether the pair is yet to be made. */
    public boolean cold() {
        return this == START;
    }

    /** What happens, whoever is struck besides; at a time in the midst of the guest's work. */
    public List<Fault.Timed> faults(long seed) {
        long at = Seeded.of(seed, "situation").between(3 * MILLI, 12 * MILLI);
        return switch (this) {
            case RUN, START -> List.of();
            case END -> List.of(new Fault.Timed(at, new Fault.Quit(0)));
            case SPLIT -> List.of(new Fault.Timed(at, new Fault.Partition(true, true, SPLIT_NANOS)));
            case SUCCESSION -> List.of(new Fault.Timed(at, new Fault.Kill(0, Ending.KILL)));
            case SWITCH -> List.of(new Fault.Timed(at, new Fault.SwitchRestart(DOWN_NANOS)));
        };
    }
}
