package hartbeat.tools.compose;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.board.DeviceIndexes;
import hartbeat.devices.board.VirtBoard;
import hartbeat.devices.board.boot.BadImageException;
import hartbeat.devices.board.boot.BootImages;
import hartbeat.devices.board.boot.BootPlan;
import hartbeat.emulator.executor.translator.ExecutorKind;
import hartbeat.tools.UserError;

/** Builds machines; an image that cannot run here becomes one line for the user. */
final class Boards {
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

    /** The device tree of a machine, flattened, without building it. */
    static byte[] deviceTree(BoardConfig config, BootImages images) {
        try {
            return BootPlan.of(config, images).treeBytes();
        } catch (BadImageException e) {
            throw UserError.failed(String.valueOf(e.getMessage()), null, e);
        }
    }
}
