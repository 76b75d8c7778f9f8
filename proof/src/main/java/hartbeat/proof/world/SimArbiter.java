package hartbeat.proof.world;

import hartbeat.ft.arbiter.Arbiter;
import hartbeat.ft.arbiter.Generations;
import hartbeat.ft.arbiter.SharedDirectory;
import hartbeat.proof.fault.Crossing;
import hartbeat.proof.fault.Seeded;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The arbiter as a process asks it: the product's protocol, whose operations take their time. Each question has a thread of its own, as in
 * the product, so one whose answer nobody waits for any more is carried out all the same.
 */
final class SimArbiter implements Arbiter {
    private final SharedDirectory directory;
    private final LongSupplier operationNanos;
    private final LongSupplier now;
    private final SimHost.Wiring wiring;
    private final List<Asked> threads = new ArrayList<>();
    private @Nullable Asked last;
    private @Nullable Answer answer;

    private static final class Asked {
        final Generations question;
        long dueNanos;

        Asked(Generations question, long dueNanos) {
            this.question = question;
            this.dueNanos = dueNanos;
        }
    }

    SimArbiter(SharedDirectory directory, LongSupplier operationNanos, LongSupplier now, SimHost.Wiring wiring) {
        this.directory = directory;
        this.operationNanos = operationNanos;
        this.now = now;
        this.wiring = wiring;
    }

    @Override
    public void ask(Question question) {
        Asked asked = new Asked(
                new Generations(directory, "dir:shared", question), now.getAsLong() + operationNanos.getAsLong());
        threads.add(asked);
        last = asked;
        answer = null;
    }

    @Override
    public @Nullable Answer poll() {
        Answer due = answer;
        answer = null;
        return due;
    }

    /** When an operation is over; {@link Pipe#NEVER} if none is under way. */
    long nextNanos() {
        long next = Pipe.NEVER;
        for (Asked asked : threads) {
            next = Math.min(next, asked.dueNanos);
        }
        return next;
    }

    /** Does what is due. */
    void run(long nowNanos) {
        for (Asked asked : List.copyOf(threads)) {
            while (asked.dueNanos <= nowNanos) {
                wiring.crossing(Crossing.ARBITER);
                Answer given = asked.question.step();
                asked.dueNanos = nowNanos + operationNanos.getAsLong();
                if (given != null) {
                    asked.dueNanos = Pipe.NEVER;
                    threads.remove(asked);
                    if (asked.equals(last)) {
                        answer = given;
                        wiring.wake();
                    }
                }
            }
        }
    }

    /** The process is gone: an operation that the storage has already is done or not, or half. */
    void die(Seeded random, SimDirectory storage) {
        for (Asked asked : threads) {
            long how = random.below(3);
            storage.tears(how == 1);
            if (how > 0) {
                asked.question.step();
            }
            storage.tears(false);
        }
        threads.clear();
    }
}
