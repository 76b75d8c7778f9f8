package hartbeat.proof.attack;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.board.BoardConfig.Transport;
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
import hartbeat.emulator.memory.GuestMemory;
import hartbeat.guest.BareGuests;
import java.util.List;

/** The machine that is attacked: every device that there is, and the bare guest {@code attack}. */
final class AttackBoard {
    /** Greatest sizes of the queues of the devices in slots 0 to 4: two disks, network, entropy, console. */
    static final int[][] QUEUES = {{128}, {128}, {256, 256}, {64}, {64, 64}};

    static final int DISK = 0;
    static final int NET = 2;
    static final int ENTROPY = 3;
    static final int CONSOLE = 4;
    static final long SECTORS = 1 << 16;

    private static final int HARTS = 2;
    private static final byte[] NONE = {};

    private final BoardConfig config;
    private final BootImages images =
            new BootImages(NONE, BareGuests.named("attack").elf(), NONE);

    /** @param append tells the guest what to do; empty for nothing */
    AttackBoard(Transport transport, String append) {
        config = new BoardConfig(
                new MachineId(1, 2),
                Arena.MEMORY_BYTES,
                HARTS,
                transport,
                List.of(new BoardConfig.Drive(SECTORS, false, "disk"), new BoardConfig.Drive(64, true, "rom")),
                List.of(new BoardConfig.Nic(MacAddress.parse("52:54:00:00:00:01"), 1500)),
                true,
                true,
                append,
                new RngSeed(1, 2, 3, 4));
    }

    Machine build(ExecutorKind kind) {
        try {
            return VirtBoard.build(config, images, kind.factory(_ -> {}));
        } catch (BadImageException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    boolean modern() {
        return config.transport() == Transport.MODERN;
    }

    int uart() {
        return DeviceIndexes.of(config).uart();
    }

    /** Index of the device in virtio slot 0; the others follow. */
    int slots() {
        return DeviceIndexes.of(config).drives().getFirst();
    }

    /** The page that HTIF watches; the guest's image ends with it. */
    long htifPage() {
        try {
            return BootPlan.of(config, images).tohost().orElseThrow() & -GuestMemory.PAGE_SIZE;
        } catch (BadImageException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** Where the device tree begins. */
    long tree() {
        try {
            return BootPlan.of(config, images).tree();
        } catch (BadImageException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
