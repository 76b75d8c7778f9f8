package hartbeat.devices.board;

import hartbeat.emulator.bus.MmioDevice;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The mask ROM where every hart begins: it goes to the entry point with a0 = mhartid, a1 = address of the device tree, a2 = 0. Has no
 * state.
 */
final class ResetRom implements MmioDevice {
    private static final int[] CODE = {
        0x00000297, // auipc t0, 0
        0x00000613, // li    a2, 0
        0xf1402573, // csrr  a0, mhartid
        0x0202a583, // lw    a1, 32(t0)
        0x0182a283, // lw    t0, 24(t0)
        0x00028067, // jr    t0
    };
    private static final int BYTES = 40;

    private final ByteBuffer rom = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);

    ResetRom(long entry, long tree) {
        for (int instruction : CODE) {
            rom.putInt(instruction);
        }
        rom.putLong(entry).putLong(tree);
    }

    @Override
    public int load(int offset, int width) {
        if (offset > BYTES - width) {
            return 0;
        }
        return switch (width) {
            case 1 -> rom.get(offset) & 0xff;
            case 2 -> rom.getShort(offset) & 0xffff;
            default -> rom.getInt(offset);
        };
    }

    @Override
    public void store(int offset, int width, int value) {}

    @Override
    public void reset() {}

    @Override
    public String name() {
        return "rom";
    }

    @Override
    public void save(StateWriter writer) {}

    @Override
    public void restore(StateReader reader) {}
}
