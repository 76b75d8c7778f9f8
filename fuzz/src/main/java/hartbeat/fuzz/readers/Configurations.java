package hartbeat.fuzz.readers;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.board.BoardConfig.Transport;
import hartbeat.devices.board.MacAddress;
import hartbeat.devices.board.MachineId;
import hartbeat.devices.board.RngSeed;
import java.util.List;

/** Machines that seeds are made of. */
final class Configurations {
    private static final int MEMORY_BYTES = 1 << 20;

    private Configurations() {}

    /** Two harts and one device of each kind. */
    static BoardConfig whole(Transport transport, long diskBytes, String commandLine) {
        return new BoardConfig(
                new MachineId(1, 2),
                MEMORY_BYTES,
                2,
                transport,
                List.of(new BoardConfig.Drive(diskBytes, false, "disk")),
                List.of(new BoardConfig.Nic(MacAddress.parse("52:54:00:00:00:01"), 1500)),
                true,
                true,
                commandLine,
                new RngSeed(1, 2, 3, 4));
    }
}
