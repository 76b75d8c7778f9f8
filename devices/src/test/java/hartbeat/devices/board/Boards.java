package hartbeat.devices.board;

import hartbeat.devices.board.boot.BadImageException;
import hartbeat.devices.board.boot.BootImages;
import hartbeat.emulator.machine.Machine;
import hartbeat.firmware.Firmware;
import hartbeat.guest.BareGuest;
import java.util.List;

/** Machines for tests. */
final class Boards {
    static final int DISK_SECTORS = 8192;
    private static final byte[] NONE = {};

    private Boards() {}

    static BoardConfig config(int harts, BoardConfig.Transport transport) {
        return new BoardConfig(
                new MachineId(1, 2),
                16 << 20,
                harts,
                transport,
                List.of(new BoardConfig.Drive(DISK_SECTORS, false, "disk-0")),
                List.of(new BoardConfig.Nic(MacAddress.parse("52:54:00:12:34:56"), 0)),
                true,
                false,
                "",
                new RngSeed(1, 2, 3, 4));
    }

    static BootImages images(BareGuest guest) {
        byte[] bios = guest.start() == BareGuest.Start.MACHINE ? NONE : Firmware.image();
        return new BootImages(bios, guest.elf(), NONE);
    }

    static Machine machine(BareGuest guest, BoardConfig config) {
        try {
            return VirtBoard.build(config, images(guest));
        } catch (BadImageException e) {
            throw new IllegalStateException(e);
        }
    }

    static Rig rig(BareGuest guest, BoardConfig config) {
        return new Rig(machine(guest, config))
                .disk(DeviceIndexes.of(config).drives().getFirst(), new byte[DISK_SECTORS * 512]);
    }
}
