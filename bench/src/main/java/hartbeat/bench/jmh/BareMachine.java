package hartbeat.bench.jmh;

import hartbeat.bench.compare.Workloads;
import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.board.DeviceIndexes;
import hartbeat.devices.board.MachineId;
import hartbeat.devices.board.RngSeed;
import hartbeat.devices.board.VirtBoard;
import hartbeat.devices.board.boot.BadImageException;
import hartbeat.devices.board.boot.BootImages;
import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.machine.Machine;
import hartbeat.emulator.machine.Stop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;

/** A machine with a bare workload that never ends; the benchmark runs it lap by lap. */
final class BareMachine implements AutoCloseable {
    /** Bytes of guest RAM. */
    static final long MEMORY_BYTES = 64L << 20;

    private static final byte[] NONE = {};
    private static final byte[] ENTROPY = new byte[16];

    private final Machine machine;
    private final int rng;

    private BareMachine(Machine machine, int rng) {
        this.machine = machine;
        this.rng = rng;
    }

    /** @param workload name of a bare workload or, with {@code class-}, of a class of cost */
    static BareMachine of(String workload, String executor) {
        try {
            byte[] elf = Files.readAllBytes(Workloads.bareDirectory().resolve(workload + ".elf"));
            BoardConfig config = new BoardConfig(
                    new MachineId(1, 2),
                    MEMORY_BYTES,
                    1,
                    BoardConfig.Transport.MODERN,
                    List.of(),
                    List.of(),
                    true,
                    false,
                    "laps=2000000000",
                    new RngSeed(1, 2, 3, 4));
            Machine machine = VirtBoard.build(
                    config, new BootImages(NONE, elf, NONE), (run, memory) -> Executors.create(executor, run, memory));
            return new BareMachine(machine, DeviceIndexes.of(config).rng());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (BadImageException e) {
            throw new IllegalStateException(e);
        }
    }

    Machine machine() {
        return machine;
    }

    /** Runs to the end of the lap, which the guest marks by a line. */
    long lap() {
        boolean ended = false;
        while (!ended) {
            Stop stop = machine.runUntil(Long.MAX_VALUE);
            if (stop != Stop.OUTPUT) {
                throw new IllegalStateException(
                        "expected=OUTPUT, actual=%s at icount %d".formatted(stop, machine.icount()));
            }
            for (Emission emission = machine.pollOutput(); emission != null; emission = machine.pollOutput()) {
                ended |= answer(emission.output());
            }
        }
        return machine.icount();
    }

    /** Gives the guest what it asks for; true if it has ended a line. */
    private boolean answer(Output output) {
        if (output instanceof Output.EntropyRequest request) {
            machine.apply(new Input.Entropy(rng, request.request(), ENTROPY));
        } else if (output instanceof Output.ConsoleOutput console) {
            return console.bytes()[console.bytes().length - 1] == '\n';
        } else if (output instanceof Output.PowerOff off) {
            throw new IllegalStateException("the guest has ended: " + off);
        }
        return false;
    }

    @Override
    public void close() {
        machine.memory().close();
    }
}
