package hartbeat.devices.virtio;

import hartbeat.emulator.bus.MmioDevice;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;

/** A transport without a device: device id 0, which drivers pass over (virtio 1.2, 4.2.3.1). Has no state. */
public final class EmptySlot implements MmioDevice {
    private static final int MAGIC = 0x74726976;

    private final int version;
    private final String name;

    /** @param version of the transport, 1 or 2 */
    public EmptySlot(int version, String name) {
        this.version = version;
        this.name = name;
    }

    @Override
    public int load(int offset, int width) {
        if (width != 4) {
            return 0;
        }
        return switch (offset) {
            case VirtioMmio.MAGIC_VALUE -> MAGIC;
            case VirtioMmio.VERSION -> version;
            default -> 0;
        };
    }

    @Override
    public void store(int offset, int width, int value) {}

    @Override
    public void reset() {}

    @Override
    public String name() {
        return name;
    }

    @Override
    public void save(StateWriter writer) {}

    @Override
    public void restore(StateReader reader) {}
}
