package hartbeat.proof.attack;

import hartbeat.devices.board.BoardConfig.Transport;
import hartbeat.emulator.executor.translator.ExecutorKind;
import hartbeat.emulator.machine.MachineDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Lives in which the devices are driven from outside, on two machines that must agree. */
final class DriverLife implements AutoCloseable {
    /** Steps of a life. */
    static final int STEPS = 4000;

    /** Runs tried at most to make a violation shorter. */
    private static final int MOST_TRIES = 400;

    private final Attacked one;
    private final Attacked other;

    DriverLife(Transport transport) {
        one = new Attacked(transport, ExecutorKind.INTERPRETER);
        other = new Attacked(transport, ExecutorKind.TRANSLATOR);
    }

    /** How a life went. @param violation null if nothing was wrong */
    record Outcome(long steps, @Nullable Violation violation, List<Step> shortest) {}

    /** @param step told each step before it is taken */
    Outcome run(long seed, LongConsumer step) {
        List<Step> steps = new Mutator(seed, one.board()).draw(STEPS);
        Violation violation = attempt(steps, step);
        return violation == null
                ? new Outcome(one.steps(), null, List.of())
                : new Outcome(one.steps(), violation, shorten(steps.subList(0, (int) one.steps()), violation));
    }

    private @Nullable Violation attempt(List<Step> steps, LongConsumer told) {
        try {
            MachineDigest digest = live(one, steps, told);
            long outputs = one.outputs();
            MachineDigest again = live(other, steps, told);
            if (!digest.equals(again) || outputs != other.outputs()) {
                return new Violation("two runs of the same steps differ: %s and %s".formatted(digest, again));
            }
            return null;
        } catch (Violation violation) {
            return violation;
        }
    }

    private static MachineDigest live(Attacked machine, List<Step> steps, LongConsumer told) {
        machine.begin();
        for (Step step : steps) {
            if (machine.ended()) {
                break;
            }
            told.accept(machine.steps());
            machine.step(step);
        }
        return machine.digest();
    }

    /** Leaves out what is not needed for a violation of the same kind, in ever smaller pieces. */
    private List<Step> shorten(List<Step> steps, Violation violation) {
        List<Step> shortest = new ArrayList<>(steps);
        int tries = 0;
        for (int piece = Math.max(1, shortest.size() / 2); piece >= 1; piece /= 2) {
            for (int from = shortest.size() - piece; from >= 0 && tries < MOST_TRIES; from -= piece) {
                List<Step> candidate = new ArrayList<>(shortest);
                candidate
                        .subList(from, Math.min(candidate.size(), from + piece))
                        .clear();
                Violation still = attempt(candidate, _ -> {});
                tries++;
                if (still != null && still.kind().equals(violation.kind())) {
                    shortest = candidate;
                }
            }
        }
        return shortest;
    }

    @Override
    public void close() {
        one.close();
        other.close();
    }
}
