package hartbeat.tools.compose;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.board.DeviceIndexes;
import hartbeat.devices.board.MacAddress;
import hartbeat.devices.board.MachineId;
import hartbeat.devices.board.RngSeed;
import hartbeat.devices.board.VirtBoard;
import hartbeat.devices.board.boot.BadImageException;
import hartbeat.devices.board.boot.BootImages;
import hartbeat.devices.board.boot.BootPlan;
import hartbeat.emulator.executor.translator.ExecutorKind;
import hartbeat.emulator.machine.Machine;
import hartbeat.firmware.Firmware;
import hartbeat.tools.UserError;
import java.util.List;

/** Builds machines; an image that cannot run here becomes one line for the user. */
final class Boards {
    private static final long WARM_UP_BYTES = 8L << 20;
    private static final long WARM_UP_INSTRUCTIONS = 5_000;

    private Boards() {}

    static BuiltMachine build(BoardConfig config, BootImages images, ExecutorKind executor) {
        // A logger is looked up when it is needed: all jars are searched for somebody who provides it.
        var executors = executor.factory(line -> System.getLogger("hartbeat").log(System.Logger.Level.WARNING, line));
        try {
            return new BuiltMachine(config, DeviceIndexes.of(config), VirtBoard.build(config, images, executors));
        } catch (BadImageException e) {
            throw UserError.failed(String.valueOf(e.getMessage()), null, e);
        }
    }

    /**
     * Builds a small machine and runs its first instructions, so that what every machine needs is loaded and linked before it is known
     * which machine it will be.
     */
    static void warmUp(ExecutorKind executor) {
        BoardConfig config = new BoardConfig(
                new MachineId(0, 0),
                WARM_UP_BYTES,
                1,
                BoardConfig.Transport.MODERN,
                List.of(),
                List.of(new BoardConfig.Nic(MacAddress.parse("52:54:00:00:00:01"), 0)),
                false,
                false,
                "",
                RngSeed.of(new byte[RngSeed.BYTES]));
        BootImages images = new BootImages(Firmware.image(), new byte[0], new byte[0]);
        try {
            Machine machine = VirtBoard.build(config, images, executor.factory(_ -> {}));
            machine.runUntil(WARM_UP_INSTRUCTIONS);
            machine.memory().close();
        } catch (BadImageException e) {
            throw new IllegalStateException("our own firmware runs on every machine", e);
        }
    }

    /** The device tree of a machine, flattened, without building it. */
    static byte[] deviceTree(BoardConfig config, BootImages images) {
        try {
            return BootPlan.of(config, images).treeBytes();
        } catch (BadImageException e) {
            throw UserError.failed(String.valueOf(e.getMessage()), null, e);
        }
    }
}
