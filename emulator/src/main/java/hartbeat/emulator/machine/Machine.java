package hartbeat.emulator.machine;

import hartbeat.emulator.bus.Device;
import hartbeat.emulator.executor.Executor;
import hartbeat.emulator.hart.Hart;
import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Outbox;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.memory.GuestMemory;
import hartbeat.emulator.memory.Hashes;
import hartbeat.emulator.state.StateFormatException;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;
import hartbeat.emulator.state.Stateful;
import hartbeat.emulator.time.Clock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A whole machine as a pure state machine. Whoever has its first state and the list of its inputs, each with its icount, has the
 * machine.
 */
public final class Machine implements Outbox {
    /** Instructions that one of several harts runs before the next has its turn. */
    public static final long QUANTUM = 10_000;

    private static final int STATE_MAGIC = 0x4842_0001;
    private static final int MAX_NAME_BYTES = 64;
    private static final int MAX_REASON_BYTES = 4096;

    private final Own own = new Own();
    private final RunState run;
    private final Clock clock;
    private final GuestMemory memory;
    private final List<Hart> harts;
    private final List<Device> devices;
    private final Executor executor;
    private final Runnable boot;
    private final Queue<Emission> emissions = new ArrayDeque<>();
    private long emitted;
    private int turn;
    private long turnEnd;
    private boolean resetRequested;
    private Output.@Nullable PowerOff powerOff;

    /**
     * What a board hands over.
     *
     * @param devices in the order of their device indexes
     * @param boot loads the boot images into cleared memory and resets the harts to the reset vector
     */
    public record Parts(
            RunState run,
            Clock clock,
            GuestMemory memory,
            List<Hart> harts,
            List<Device> devices,
            Executor executor,
            Runnable boot) {}

    public Machine(Parts parts) {
        run = parts.run();
        clock = parts.clock();
        memory = parts.memory();
        harts = List.copyOf(parts.harts());
        devices = List.copyOf(parts.devices());
        executor = parts.executor();
        boot = parts.boot();
        harts.forEach(clock::register);
        powerOn();
    }

    /** Retired instructions of all harts since the first power-on; a reset does not change it. */
    public long icount() {
        return run.icount();
    }

    public Clock clock() {
        return clock;
    }

    public GuestMemory memory() {
        return memory;
    }

    public List<Device> devices() {
        return devices;
    }

    public List<Hart> harts() {
        return harts;
    }

    /** Set once the guest has switched itself off. */
    public Output.@Nullable PowerOff powerOff() {
        return powerOff;
    }

    /** Runs to {@code limit}, exactly, or to an earlier {@link Stop}. Does nothing if the machine is there already. */
    public Stop runUntil(long limit) {
        while (true) {
            clock.fireDue();
            if (resetRequested) {
                resetRequested = false;
                powerOn();
            }
            if (!emissions.isEmpty()) {
                return Stop.OUTPUT;
            }
            if (powerOff != null) {
                return Stop.OFF;
            }
            if (run.icount() >= limit) {
                return Stop.REACHED;
            }
            if (!takeTurn()) {
                return Stop.IDLE;
            }
            run.clearLeave();
            executor.run(harts.get(turn), Math.min(Math.min(limit, turnEnd), clock.deadlineIcount()));
        }
    }

    /** Applies an input at the present icount. */
    public void apply(Input input) {
        switch (input) {
            case Input.TimeSample sample -> clock.apply(sample);
            case Input.WallClock wallClock -> clock.apply(wallClock);
            case Input.ToDevice toDevice -> {
                if (toDevice.device() >= 0 && toDevice.device() < devices.size()) {
                    // A device may write guest memory now, perhaps a word that a hart has reserved.
                    harts.forEach(Hart::clearReservation);
                    devices.get(toDevice.device()).apply(toDevice);
                }
            }
        }
    }

    /** The oldest output that was not taken yet, or null. */
    public @Nullable Emission pollOutput() {
        return emissions.poll();
    }

    /** Number of the last output that the machine made, 0 before the first. */
    public long emitted() {
        return emitted;
    }

    @Override
    public void emit(Output output) {
        emissions.add(new Emission(++emitted, run.icount(), output));
        run.requestLeave();
        if (output instanceof Output.PowerOff off) {
            powerOff = off;
        } else if (output instanceof Output.Reset) {
            resetRequested = true;
        }
    }

    /** Stays with the hart whose turn it is, or goes to the next that can run; false if none can. */
    private boolean takeTurn() {
        if (run.icount() < turnEnd && !harts.get(turn).waiting()) {
            return true;
        }
        for (int i = 1; i <= harts.size(); i++) {
            int next = (turn + i) % harts.size();
            if (!harts.get(next).waiting()) {
                if (next != turn) {
                    harts.get(turn).clearReservation();
                    harts.get(turn).turn(false);
                    harts.get(next).turn(true);
                }
                turn = next;
                turnEnd = harts.size() == 1 ? Long.MAX_VALUE : run.icount() + QUANTUM;
                return true;
            }
        }
        return false;
    }

    private void powerOn() {
        turn = 0;
        turnEnd = run.icount();
        devices.forEach(Device::reset);
        boot.run();
        for (Hart hart : harts) {
            hart.turn(hart == harts.getFirst());
        }
        executor.flush();
    }

    /** All parts with state except memory, in the order in which they are saved. */
    public List<Stateful> parts() {
        List<Stateful> parts = new ArrayList<>();
        parts.add(own);
        parts.add(clock);
        parts.addAll(harts);
        parts.addAll(devices);
        return parts;
    }

    /**
     * The whole state, from which a machine of the same configuration goes on exactly as this one would. Outputs that were not taken
     * yet are not part of it.
     *
     * @throws IllegalStateException if outputs wait to be taken
     */
    public byte[] save() {
        if (!emissions.isEmpty()) {
            throw new IllegalStateException("save at icount %d: expected=no waiting outputs, actual=%d; take them first"
                    .formatted(run.icount(), emissions.size()));
        }
        StateWriter writer = new StateWriter();
        writer.i32(STATE_MAGIC).i32(parts().size());
        for (Stateful part : parts()) {
            writer.bytes(part.name().getBytes(StandardCharsets.UTF_8));
            part.save(writer);
        }
        memory.save(writer);
        return writer.toBytes();
    }

    /**
     * Takes over what {@link #save} gave; waiting outputs are forgotten. What an executor caches goes by memory's contents and the harts'
     * translations, which tell it where they change, so that the same state may be taken over many times without decoding its code anew.
     *
     * @throws StateFormatException if the bytes are not the state of a machine of this configuration; the machine must not be used
     *     then
     */
    public void restore(byte[] state) {
        StateReader reader = new StateReader(state);
        List<Stateful> parts = parts();
        int magic = reader.i32();
        int count = reader.i32();
        if (magic != STATE_MAGIC || count != parts.size()) {
            throw new StateFormatException("machine state: expected=0x%x with %d parts, actual=0x%x with %d"
                    .formatted(STATE_MAGIC, parts.size(), magic, count));
        }
        for (Stateful part : parts) {
            String name = new String(reader.bytes(MAX_NAME_BYTES), StandardCharsets.UTF_8);
            if (!name.equals(part.name())) {
                throw new StateFormatException(
                        "machine state: expected=part %s, actual=%s".formatted(part.name(), name));
            }
            part.restore(reader);
        }
        memory.restore(reader);
        reader.end();
        emissions.clear();
        run.clearLeave();
        clock.restored();
    }

    /** Hashes of all parts at the present icount. Memory pages written since the last digest are clean afterwards. */
    public MachineDigest digest() {
        List<MachineDigest.Part> hashes = new ArrayList<>();
        StateWriter writer = new StateWriter();
        for (Stateful part : parts()) {
            writer.clear();
            part.save(writer);
            hashes.add(new MachineDigest.Part(part.name(), Hashes.of(writer.view())));
        }
        hashes.add(new MachineDigest.Part(memory.name(), memory.digest()));
        return new MachineDigest(run.icount(), List.copyOf(hashes));
    }

    /** What the machine itself remembers between two stops. */
    private final class Own implements Stateful {
        @Override
        public String name() {
            return "machine";
        }

        @Override
        public void save(StateWriter writer) {
            writer.i64(run.icount()).i64(emitted).i32(turn).i64(turnEnd).flag(resetRequested);
            Output.PowerOff off = powerOff;
            writer.flag(off != null);
            if (off != null) {
                writer.i32(off.exitCode()).bytes(off.reason().getBytes(StandardCharsets.UTF_8));
            }
        }

        @Override
        public void restore(StateReader reader) {
            run.icount(reader.i64());
            emitted = reader.i64();
            if (run.icount() < 0 || emitted < 0) {
                throw new StateFormatException("machine: expected=icount and outputs of 0 or more, actual=%d and %d"
                        .formatted(run.icount(), emitted));
            }
            turn = reader.i32();
            if (turn < 0 || turn >= harts.size()) {
                throw new StateFormatException("turn: expected=0..%d, actual=%d".formatted(harts.size() - 1, turn));
            }
            turnEnd = reader.i64();
            resetRequested = reader.flag();
            powerOff = reader.flag()
                    ? new Output.PowerOff(
                            reader.i32(), new String(reader.bytes(MAX_REASON_BYTES), StandardCharsets.UTF_8))
                    : null;
        }
    }
}
