package hartbeat.proof.world;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.board.DeviceIndexes;
import hartbeat.devices.board.VirtBoard;
import hartbeat.devices.board.boot.BadImageException;
import hartbeat.devices.board.boot.BootImages;
import hartbeat.emulator.executor.translator.ExecutorKind;
import hartbeat.emulator.machine.Machine;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Machines of one configuration at their first instruction; used ones are brought back there, which is cheaper than to build. */
public final class Machines implements AutoCloseable {
    private final BoardConfig config;
    private final BootImages images;
    private final Executors executors;
    private final Map<ExecutorKind, Deque<Machine>> free = new EnumMap<>(ExecutorKind.class);
    private final Map<Machine, ExecutorKind> kinds = new LinkedHashMap<>();
    private byte[] first = {};

    public Machines(BoardConfig config, BootImages images, Executors executors) {
        this.config = config;
        this.images = images;
        this.executors = executors;
    }

    public BoardConfig config() {
        return config;
    }

    /** What they start from. */
    BootImages images() {
        return images;
    }

    public DeviceIndexes indexes() {
        return DeviceIndexes.of(config);
    }

    /** A machine at its first instruction, for the process of that number. */
    public Machine take(int process) {
        ExecutorKind kind = executors.of(process);
        Machine machine = free(kind).poll();
        if (machine != null) {
            machine.restore(first);
            return machine;
        }
        try {
            machine = VirtBoard.build(config, images, kind.factory(Machines::refused));
        } catch (BadImageException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        kinds.put(machine, kind);
        if (first.length == 0) {
            first = machine.save();
        }
        return machine;
    }

    /** Gives a machine back. */
    public void give(Machine machine) {
        ExecutorKind kind = kinds.get(machine);
        if (kind != null) {
            free(kind).add(machine);
        }
    }

    private Deque<Machine> free(ExecutorKind kind) {
        return free.computeIfAbsent(kind, _ -> new ArrayDeque<>());
    }

    private static void refused(String notice) {
        throw new IllegalArgumentException(notice);
    }

    @Override
    public void close() {
        kinds.keySet().forEach(machine -> machine.memory().close());
        kinds.clear();
        free.clear();
    }
}
