package hartbeat.proof.attack;

import hartbeat.devices.board.BoardConfig.Transport;
import hartbeat.devices.board.MemoryMap;
import hartbeat.emulator.executor.translator.ExecutorKind;
import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.machine.Machine;
import hartbeat.emulator.machine.MachineDigest;
import hartbeat.emulator.machine.Stop;
import hartbeat.emulator.memory.GuestMemory;
import hartbeat.ft.log.Batch;
import hartbeat.ft.log.LogAppender;
import hartbeat.ft.log.LogEntry;
import hartbeat.ft.run.DiskMode;
import hartbeat.proof.attack.Step.How;
import hartbeat.proof.fault.Seeded;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A life of the bare guest {@code attack}: its code runs on the translator, a host behind it answers as it likes; what came in is
 * logged, and replayed on the interpreter.
 */
final class GuestLife {
    /** Steps of a life. */
    static final int STEPS = 20_000;

    private static final int TURN = 4000;
    private static final int DIGEST_TURNS = 64;
    /** So long a guest that never sleeps may take for its steps, and more. */
    private static final long MOST_INSTRUCTIONS = 4_000L * STEPS;

    private static final long RATE = 1L << 28;
    private static final int CODE_BYTES = 0x800;

    private final AttackBoard board;
    private final Seeded chance;
    private final LogAppender log = new LogAppender(DiskMode.SHARED);
    private final Requests requests = new Requests();
    private final List<MachineDigest> digests = new ArrayList<>();
    private long steps;
    private boolean ended;

    private GuestLife(long seed, Transport transport) {
        board = new AttackBoard(transport, "seed=%d steps=%d".formatted(seed & Integer.MAX_VALUE, STEPS));
        chance = Seeded.of(seed, "attacked host");
    }

    /** Runs a life, and its replay. @param told the steps so far */
    static DriverLife.Outcome run(long seed, Transport transport, LongConsumer told) {
        GuestLife life = new GuestLife(seed, transport);
        try {
            life.live(told);
            life.replay();
            return new DriverLife.Outcome(life.steps, null, List.of());
        } catch (Violation violation) {
            return new DriverLife.Outcome(life.steps, violation, List.of());
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError escaped) {
            return new DriverLife.Outcome(life.steps, new Violation("escaped: " + escaped, escaped), List.of());
        }
    }

    private void live(LongConsumer told) {
        Machine machine = board.build(ExecutorKind.TRANSLATOR);
        try (GuestMemory memory = machine.memory()) {
            byte[] code = new byte[CODE_BYTES];
            memory.read(MemoryMap.RAM, code, 0, code.length);
            for (int turn = 0; !ended; turn++) {
                Stop stop = machine.runUntil(machine.icount() + 1 + chance.below(TURN));
                steps = memory.i32(Arena.END);
                told.accept(steps);
                drain(machine);
                if (!ended) {
                    host(machine, stop);
                }
                if (turn % DIGEST_TURNS == 0 && !ended) {
                    digests.add(machine.digest());
                }
                if (machine.icount() > MOST_INSTRUCTIONS) {
                    throw new Violation(
                            "the guest got no further: step %d, icount %d".formatted(steps, machine.icount()));
                }
            }
            checkMemory(memory, code);
            digests.add(machine.digest());
        }
    }

    private void drain(Machine machine) {
        requests.begin();
        for (Emission one = machine.pollOutput(); one != null; one = machine.pollOutput()) {
            requests.take(one);
            ended |= one.output() instanceof Output.PowerOff || one.output() instanceof Output.Reset;
        }
    }

    private void host(Machine machine, Stop stop) {
        if (stop == Stop.IDLE || chance.chance(5)) {
            apply(machine, new Input.TimeSample(machine.clock().mtime() + chance.below(100_000), RATE));
        }
        for (int device : requests.asking()) {
            if (chance.chance(60)) {
                How how = chance.chance(95) ? How.RIGHT : How.values()[(int) chance.below(How.values().length)];
                Input answer = requests.answer(device, how);
                if (answer != null) {
                    apply(machine, answer);
                }
            }
        }
        if (chance.chance(5)) {
            int length = (int) chance.between(14, chance.chance(90) ? 1514 : 65_550);
            apply(machine, new Input.FrameReceived(board.slots() + AttackBoard.NET, 0, new byte[length]));
        }
        if (chance.chance(3)) {
            int to = chance.chance(50) ? board.uart() : board.slots() + AttackBoard.CONSOLE;
            apply(machine, new Input.ConsoleInput(to, 0, new byte[1 + (int) chance.below(40)]));
        }
    }

    private void apply(Machine machine, Input input) {
        log.input(machine.icount(), input, 0);
        machine.apply(input);
        drain(machine);
    }

    /** The guest's code is as it was, and nothing lies between arena and device tree, nor between image and arena. */
    private void checkMemory(GuestMemory memory, byte[] code) {
        byte[] now = new byte[code.length];
        memory.read(MemoryMap.RAM, now, 0, now.length);
        if (!Arrays.equals(code, now)) {
            throw new Violation("the guest's code was written to");
        }
        requireZero(memory, board.htifPage() + GuestMemory.PAGE_SIZE, Arena.START);
        requireZero(memory, Arena.END + GuestMemory.PAGE_SIZE, board.tree());
    }

    private static void requireZero(GuestMemory memory, long from, long to) {
        for (long address = from; address < to; address += 8) {
            if (memory.i64(address) != 0) {
                throw new Violation("0x%x was written; nothing named it".formatted(address));
            }
        }
    }

    private void replay() {
        byte @Nullable [] batch = log.take();
        List<LogEntry> entries = batch == null ? List.of() : Batch.open(batch, 1, 0);
        long outputs = requests.hash();
        requests.clear();
        Machine machine = board.build(ExecutorKind.INTERPRETER);
        try (GuestMemory _ = machine.memory()) {
            int next = 0;
            for (MachineDigest expected : digests) {
                // Inputs at the count of a digest came before it: a turn ends with the digest.
                while (next < entries.size() && entries.get(next).icount() <= expected.icount()) {
                    LogEntry entry = entries.get(next++);
                    go(machine, entry.icount());
                    machine.apply(((LogEntry.Applied) entry).input());
                    drain(machine);
                }
                go(machine, expected.icount());
                MachineDigest actual = machine.digest();
                if (!expected.equals(actual)) {
                    throw new Violation("replayed: expected=%s, actual=%s".formatted(expected, actual));
                }
                if (machine.powerOff() == null && chance.chance(20)) {
                    machine.restore(machine.save());
                }
            }
        }
        if (outputs != requests.hash()) {
            throw new Violation("a replay's outputs differ");
        }
    }

    private void go(Machine machine, long icount) {
        while (machine.icount() < icount && machine.powerOff() == null) {
            machine.runUntil(icount);
            drain(machine);
        }
        drain(machine);
    }
}
