package hartbeat.proof.world;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.board.DeviceIndexes;
import hartbeat.devices.board.VirtBoard;
import hartbeat.devices.board.boot.BadImageException;
import hartbeat.devices.board.boot.BootImages;
import hartbeat.emulator.machine.Machine;
import java.util.ArrayDeque;
import java.util.Deque;

/** Machines of one configuration at their first instruction; used ones are brought back there, which is cheaper than to build. */
public final class Machines implements AutoCloseable {
    private final BoardConfig config;
    private final BootImages images;
    private final Deque<Machine> free = new ArrayDeque<>();
    private byte[] first = {};

    public Machines(BoardConfig config, BootImages images) {
        this.config = config;
        this.images = images;
    }

    public BoardConfig config() {
        return config;
    }

    public DeviceIndexes indexes() {
        return DeviceIndexes.of(config);
    }

    /** A machine at its first instruction. */
    public Machine take() {
        Machine machine = free.poll();
        if (machine != null) {
            machine.restore(first);
            return machine;
        }
        try {
            machine = VirtBoard.build(config, images);
        } catch (BadImageException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        if (first.length == 0) {
            first = machine.save();
        }
        return machine;
    }

    /** Gives a machine back. */
    public void give(Machine machine) {
        free.add(machine);
    }

    @Override
    public void close() {
        free.forEach(machine -> machine.memory().close());
        free.clear();
    }
}
