package hartbeat.devices.board;

import hartbeat.emulator.io.DiskStatus;
import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.machine.Machine;
import hartbeat.emulator.machine.Stop;
import hartbeat.emulator.time.Clock;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * A host of a machine in one thread and without real time: disks in memory, entropy from a seed, frames handed to a test. An idle
 * machine's time goes on at once to its next deadline.
 */
final class Rig {
    /** Ticks per instruction at 100 million instructions per second, with 32 fractional bits. */
    static final long RATE = (long) (0.1 * (1L << 32));

    private static final long SLICE = 1_000_000;
    private static final int SECTOR = 512;

    final Machine machine;
    private final Map<Integer, byte[]> disks = new HashMap<>();
    private final ByteArrayOutputStream console = new ByteArrayOutputStream();
    private final Random entropy = new Random(1);
    final Deque<Output.FrameSent> sent = new ArrayDeque<>();
    /** Answers that wait, while {@link #holdAnswers}. */
    final Deque<Input> held = new ArrayDeque<>();

    boolean holdAnswers;

    Rig(Machine machine) {
        this.machine = machine;
        machine.apply(new Input.WallClock(1_750_000_000_000_000_000L));
        machine.apply(new Input.TimeSample(0, RATE));
    }

    /** Gives a drive its contents, a multiple of 512 bytes. */
    Rig disk(int device, byte[] contents) {
        disks.put(device, contents);
        return this;
    }

    byte[] disk(int device) {
        return disks.get(device);
    }

    String console() {
        return console.toString(StandardCharsets.UTF_8);
    }

    /** Runs until the guest is off, or waits for something that never comes, or the limit is reached, or {@code text} was printed. */
    Stop run(long limit, String text) {
        while (machine.icount() < limit) {
            Stop stop = machine.runUntil(Math.min(limit, machine.icount() + SLICE));
            boolean idle = stop == Stop.IDLE;
            for (Emission emission = machine.pollOutput(); emission != null; emission = machine.pollOutput()) {
                take(emission.output());
                idle = false;
            }
            if (stop == Stop.OFF || !text.isEmpty() && console().endsWith(text)) {
                return stop;
            }
            if (idle) {
                long next = machine.clock().deadlineMtime();
                if (next == -1 || !held.isEmpty()) {
                    return Stop.IDLE;
                }
                machine.apply(new Input.TimeSample(next, RATE));
            }
        }
        return Stop.REACHED;
    }

    Stop run(long limit) {
        return run(limit, "");
    }

    void type(int device, String text) {
        machine.apply(new Input.ConsoleInput(device, 0, text.getBytes(StandardCharsets.UTF_8)));
    }

    void answerHeld() {
        while (!held.isEmpty()) {
            machine.apply(held.remove());
        }
    }

    private void take(Output output) {
        switch (output) {
            case Output.ConsoleOutput out -> console.writeBytes(out.bytes());
            case Output.FrameSent frame -> sent.add(frame);
            case Output.DiskRequest request -> answer(execute(request));
            case Output.EntropyRequest request -> {
                byte[] bytes = new byte[request.length()];
                entropy.nextBytes(bytes);
                answer(new Input.Entropy(request.device(), request.request(), bytes));
            }
            case Output.PowerOff off -> {}
            case Output.Reset reset -> {}
        }
    }

    private void answer(Input input) {
        held.add(input);
        if (!holdAnswers) {
            answerHeld();
        }
    }

    private Input execute(Output.DiskRequest request) {
        byte[] disk = disks.get(request.device());
        int at = (int) request.sector() * SECTOR;
        int length = request.sectors() * SECTOR;
        byte[] data = new byte[0];
        switch (request.operation()) {
            case READ -> {
                data = new byte[length];
                System.arraycopy(disk, at, data, 0, length);
            }
            case WRITE -> System.arraycopy(request.data(), 0, disk, at, length);
            case DISCARD, WRITE_ZEROES -> Arrays.fill(disk, at, at + length, (byte) 0);
            case FLUSH -> {}
        }
        return new Input.DiskCompletion(request.device(), request.request(), DiskStatus.OK, data);
    }

    /** Guest time in seconds. */
    double seconds() {
        return (double) machine.clock().mtime() / Clock.TICKS_PER_SECOND;
    }
}
