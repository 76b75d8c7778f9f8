package hartbeat.fuzz.readers;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.board.BoardConfig.Transport;
import hartbeat.devices.board.VirtBoard;
import hartbeat.devices.board.boot.BadImageException;
import hartbeat.devices.board.boot.BootImages;
import hartbeat.emulator.bus.Device;
import hartbeat.emulator.io.DiskOperation;
import hartbeat.emulator.io.DiskStatus;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.machine.Machine;
import hartbeat.emulator.state.StateFormatException;
import hartbeat.fuzz.Target;
import hartbeat.guest.BareGuests;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Saved states with changes here and there: one is refused, or the machine goes on from it. */
public final class StateTarget implements Target {
    private static final long[] TAKEN_AT = {50, 20_000, 100_000, 400_000};
    private static final int INSTRUCTIONS = 2000;
    private static final int SECTOR_BYTES = 512;
    private static final int NET = 7;
    private static final int[] WORDS = {0, 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 255, 256, 65536};

    /** One machine for each form of devices. */
    private final List<Machine> machines = new ArrayList<>();

    /** Good states, of each machine in turn. */
    private final List<byte[]> good = new ArrayList<>();

    @Override
    public String name() {
        return "state";
    }

    @Override
    public String about() {
        return "saved states, and what becomes of a machine that takes one";
    }

    @Override
    public void test(byte[] input) {
        prepare();
        Bytes in = new Bytes(input);
        int which = in.u8() % good.size();
        Machine machine = machines.get(which / TAKEN_AT.length);
        byte[] state = changed(good.get(which), in);
        try {
            machine.restore(state);
        } catch (StateFormatException refused) {
            return;
        }
        goOn(machine);
    }

    private static byte[] changed(byte[] whole, Bytes in) {
        byte[] state = whole.clone();
        while (!in.isEmpty()) {
            int kind = in.u8();
            int at = in.u16();
            if (kind == 255) {
                return Arrays.copyOf(state, at);
            }
            int value = (kind & 1) == 0 ? WORDS[in.u8() % WORDS.length] : in.i32();
            int width = (kind & 2) == 0 ? 1 : 4;
            for (int i = 0; i < width && at + i < state.length; i++) {
                state[at + i] = (byte) (value >>> 8 * (width - 1 - i));
            }
        }
        return state;
    }

    private static void goOn(Machine machine) {
        machine.apply(new Input.TimeSample(machine.clock().mtime() + 1000, 1L << 30));
        machine.apply(new Input.FrameReceived(NET, 0, new byte[60]));
        for (Device device : machine.devices()) {
            device.outstanding().stream().limit(4).forEach(request -> answer(machine, request));
        }
        run(machine, machine.icount() + INSTRUCTIONS);
        machine.restore(machine.save());
        machine.digest();
    }

    private static void answer(Machine machine, Output request) {
        switch (request) {
            case Output.DiskRequest disk -> {
                int bytes = disk.operation() == DiskOperation.READ ? disk.sectors() * SECTOR_BYTES : 0;
                machine.apply(new Input.DiskCompletion(disk.device(), disk.request(), DiskStatus.OK, new byte[bytes]));
            }
            case Output.EntropyRequest entropy ->
                machine.apply(new Input.Entropy(entropy.device(), entropy.request(), new byte[entropy.length()]));
            case Output other -> throw new IllegalStateException("outstanding: " + other);
        }
        while (machine.pollOutput() != null) {
            // Whoever would get it is not here.
        }
    }

    private static void run(Machine machine, long limit) {
        int stops = 0;
        while (machine.icount() < limit && machine.powerOff() == null && stops < INSTRUCTIONS) {
            machine.runUntil(limit);
            stops++;
            while (machine.pollOutput() != null) {
                stops++;
            }
        }
    }

    private void prepare() {
        if (!good.isEmpty()) {
            return;
        }
        for (Transport transport : Transport.values()) {
            Machine machine = build(transport);
            machines.add(machine);
            for (long icount : TAKEN_AT) {
                run(machine, icount);
                good.add(machine.save());
            }
        }
    }

    private static Machine build(Transport transport) {
        BoardConfig config = Configurations.whole(transport, 1 << 16, "seed=3 steps=100000");
        byte[] none = {};
        try {
            return VirtBoard.build(
                    config, new BootImages(none, BareGuests.named("attack").elf(), none));
        } catch (BadImageException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (int state = 0; state < 2 * TAKEN_AT.length; state++) {
            seeds.add(Bytes.of(state));
            for (int at = 0; at < 4096; at += 256) {
                seeds.add(Bytes.of(state, 2, at >>> 8, at, 2));
            }
        }
        return seeds;
    }
}
