package hartbeat.tools.demo;

import hartbeat.tools.ExitCode;
import hartbeat.tools.process.Member;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a fault is to lead to: who goes on, and what becomes of the other. */
final class Outcome {
    private static final long LOSER_MILLIS = 15_000;
    private static final long COUNTERS_MILLIS = 5_000;

    private final Fault fault;
    private final Trio trio;
    private final long generationBefore;
    private Member.@Nullable Status live;
    private @Nullable Member survivor;
    private @Nullable Member loser;

    private Outcome(Fault fault, Trio trio) {
        this.fault = fault;
        this.trio = trio;
        generationBefore = trio.primary().state().number("generation");
    }

    static Outcome of(Fault fault, Trio trio) {
        return new Outcome(fault, trio);
    }

    long generationBefore() {
        return generationBefore;
    }

    void strike() {
        switch (fault) {
            case KILL -> trio.primary().process().kill();
            case BACKUP -> trio.backup().process().kill();
            case FREEZE -> trio.primary().process().freeze();
            case CUT -> trio.cable().cut();
        }
    }

    /** Who says that it is live with a new generation; null if nobody does in time. */
    @Nullable
    Member awaitSurvivor(long timeoutMillis) throws InterruptedException {
        long deadline = System.nanoTime() + timeoutMillis * 1_000_000;
        while (survivor == null && System.nanoTime() < deadline) {
            for (Member side : List.of(trio.backup(), trio.primary())) {
                Member.Status event = side.awaitLive(generationBefore, 10);
                if (survivor == null && event != null) {
                    survivor = side;
                    live = event;
                    loser = side == trio.backup() ? trio.primary() : trio.backup();
                }
            }
        }
        return survivor;
    }

    /** The survivor's message; only after {@link #awaitSurvivor} has found one. */
    Member.Status liveEvent() {
        if (live == null) {
            throw new IllegalStateException("nobody is live");
        }
        return live;
    }

    /** Wakes who was frozen, and checks that the loser ends as it must. */
    List<Check> checkLoser(String story) throws InterruptedException {
        List<Check> checks = new ArrayList<>();
        Member other = loser;
        if (other == null || fault == Fault.KILL || fault == Fault.BACKUP) {
            return checks;
        }
        if (fault == Fault.FREEZE) {
            other.process().wake();
        }
        boolean ended = other.process().awaitExit(LOSER_MILLIS);
        int exitCode = ended ? other.process().exitCode() : -1;
        checks.add(Check.that(
                story,
                "the " + other.name() + " fences itself, exit code",
                exitCode == ExitCode.FENCED,
                ended ? exitCode : Double.NaN,
                "",
                ended ? "" : "it still runs"));
        Member.Status end = other.event("end");
        double late = end == null
                ? Double.NaN
                : (end.number("lastSentNanos") - liveEvent().number("nanos")) / 1e6;
        checks.add(Check.that(
                story,
                "its last output lies before the go-live of the other, by",
                late < 0,
                -late,
                "ms",
                end == null ? "it did not tell" : ""));
        checks.add(Check.measured(
                story,
                "outputs on their way at the fault, refused by the switch",
                trio.lanSwitch().freshState(COUNTERS_MILLIS).number("fenced"),
                ""));
        checks.add(Check.that(
                story,
                "exactly one side goes on",
                survivor != null && survivor.process().alive() && ended,
                survivor != null && survivor.process().alive() ? (ended ? 1 : 2) : 0,
                "",
                ""));
        return checks;
    }
}
