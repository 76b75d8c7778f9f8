package hartbeat.tools.compose;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.board.DeviceIndexes;
import hartbeat.emulator.machine.Machine;
import java.util.List;

/** A machine and where its devices stand. */
record BuiltMachine(BoardConfig config, DeviceIndexes indexes, Machine machine) {

    /** UART first, then the virtio-console if there is one. */
    List<Integer> consoles() {
        return indexes.console() < 0 ? List.of(indexes.uart()) : List.of(indexes.uart(), indexes.console());
    }
}
