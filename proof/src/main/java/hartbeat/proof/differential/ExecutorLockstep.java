package hartbeat.proof.differential;

import hartbeat.emulator.isa.Disassembler;
import hartbeat.emulator.machine.Machine;
import hartbeat.emulator.machine.Stop;
import hartbeat.emulator.state.StateWriter;
import hartbeat.emulator.state.Stateful;
import hartbeat.proof.fault.Seeded;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One batch of streams, harness and all, on two machines with different executors, in lockstep: both stop at the same random counts, and
 * there the whole state must be equal. Now and then the second machine is saved, and another with another executor goes on from there.
 */
public final class ExecutorLockstep implements AutoCloseable {
    private static final int STREAMS = 40;
    private static final long ENOUGH = 12_000_000;

    private final Seeded random;
    private final List<Stream> streams = new ArrayList<>();
    private final StreamMachine reference;
    private StreamMachine other;
    private Contender contender;

    /**
     * How it went.
     *
     * @param instructions that each of the two retired
     * @param difference null if there is none
     */
    public record Outcome(long instructions, @Nullable String difference) {}

    private ExecutorLockstep(long seed) {
        random = Seeded.of(seed, "lockstep");
        for (int i = 0; i < STREAMS; i++) {
            streams.add(StreamGenerator.of(2 * (seed * STREAMS + i) + (seed & 1)));
        }
        contender = Contender.any(random);
        reference = new StreamMachine(Contender.REFERENCE);
        other = new StreamMachine(contender);
    }

    /** Runs what belongs to a seed. */
    public static Outcome of(long seed, BooleanSupplier enough) {
        try (ExecutorLockstep lockstep = new ExecutorLockstep(seed)) {
            return lockstep.run(enough);
        }
    }

    private Outcome run(BooleanSupplier enough) {
        reference.start(streams);
        other.start(streams);
        Machine one = reference.machine();
        while (one.icount() < ENOUGH && !enough.getAsBoolean()) {
            long from = one.icount();
            long limit = from + count();
            Machine two = other.machine();
            Stop stop = one.runUntil(limit);
            Stop otherStop = two.runUntil(limit);
            String difference = difference(stop, otherStop);
            if (difference != null) {
                return new Outcome(
                        one.icount(),
                        "%s; between icount %d and %d, %s against %s"
                                .formatted(difference, from, limit, Contender.REFERENCE.kind(), contender));
            }
            one.pollOutput();
            two.pollOutput();
            // A stream that waits for ever ends the batch.
            if (stop == Stop.OFF || stop == Stop.IDLE) {
                break;
            }
            if (random.chance(1)) {
                move();
            }
        }
        return new Outcome(one.icount(), null);
    }

    private long count() {
        int kind = (int) random.below(10);
        return kind < 3 ? random.below(8) : kind < 6 ? random.below(600) : random.below(60_000);
    }

    private @Nullable String difference(Stop stop, Stop otherStop) {
        Machine one = reference.machine();
        Machine two = other.machine();
        if (stop != otherStop || one.icount() != two.icount()) {
            return "stop: expected=%s at icount %d, actual=%s at icount %d"
                    .formatted(stop, one.icount(), otherStop, two.icount());
        }
        List<Stateful> parts = one.parts();
        for (int i = 0; i < parts.size(); i++) {
            if (!Arrays.equals(bytes(parts.get(i)), bytes(two.parts().get(i)))) {
                return "state of " + parts.get(i).name() + ": " + text(one) + ", actual " + text(two);
            }
        }
        // Rarely, as a digest empties the store tables, and with them what could be stale there.
        boolean look = stop == Stop.OFF || random.chance(2);
        List<String> differences = look ? two.digest().differences(one.digest()) : List.of();
        return differences.isEmpty() ? null : "digests of " + differences + " at " + text(one);
    }

    private static byte[] bytes(Stateful part) {
        StateWriter writer = new StateWriter();
        part.save(writer);
        return writer.toBytes();
    }

    private static String text(Machine machine) {
        int pc = machine.harts().getFirst().pc();
        long address = pc & 0xffff_ffffL;
        return "pc=%08x next=%s x=%s"
                .formatted(
                        pc,
                        machine.memory().contains(address, 4)
                                ? Disassembler.disassemble(pc, machine.memory().i32(address))
                                : "?",
                        Arrays.toString(Arrays.copyOf(machine.harts().getFirst().registers(), 32)));
    }

    /** The second machine goes on as another one. */
    private void move() {
        byte[] state = other.machine().save();
        contender = Contender.any(random);
        StreamMachine next = new StreamMachine(contender);
        next.machine().restore(state);
        other.close();
        other = next;
    }

    /** One command that does it again. */
    public static String command(long seed) {
        return "./hartbeat differ --against executors --seed %d --runs 1".formatted(seed);
    }

    @Override
    public void close() {
        reference.close();
        other.close();
    }
}
