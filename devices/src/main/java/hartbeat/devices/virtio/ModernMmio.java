package hartbeat.devices.virtio;

import hartbeat.devices.Mistakes;
import hartbeat.emulator.bus.InterruptLine;
import hartbeat.emulator.io.Outbox;
import hartbeat.emulator.memory.GuestMemory;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;
import java.util.Arrays;

/** The virtio-mmio transport, version 2 (virtio 1.2, 4.2.2). */
public final class ModernMmio extends VirtioMmio {
    private static final int QUEUE_READY = 0x044;
    private static final int QUEUE_DESC_LOW = 0x080;
    private static final int QUEUE_DESC_HIGH = 0x084;
    private static final int QUEUE_DRIVER_LOW = 0x090;
    private static final int QUEUE_DRIVER_HIGH = 0x094;
    private static final int QUEUE_DEVICE_LOW = 0x0a0;
    private static final int QUEUE_DEVICE_HIGH = 0x0a4;
    private static final int SHM_LEN_LOW = 0x0b0;
    private static final int SHM_BASE_HIGH = 0x0bc;
    private static final int QUEUE_RESET = 0x0c0;
    private static final int CONFIG_GENERATION = 0x0fc;

    private static final long TRANSPORT_FEATURES = Feature.bit(Feature.VERSION_1)
            | Feature.bit(Feature.INDIRECT_DESC)
            | Feature.bit(Feature.EVENT_IDX)
            | Feature.bit(Feature.RING_RESET);

    /** Areas as written, three per queue: descriptors, driver (avail), device (used). */
    private final long[] areas;

    public ModernMmio(VirtioDevice device, int index, GuestMemory memory, InterruptLine line, Outbox outbox) {
        super(2, device, index, memory, line, outbox);
        areas = new long[3 * queueCount()];
    }

    @Override
    long offeredFeatures() {
        return behind().features() | TRANSPORT_FEATURES;
    }

    @Override
    boolean running() {
        int required = Status.DRIVER_OK | Status.FEATURES_OK;
        return (status() & (required | Status.NEEDS_RESET)) == required;
    }

    @Override
    boolean featuresOpen() {
        return (status() & Status.FEATURES_OK) == 0;
    }

    @Override
    int grantStatus(int wanted) {
        int granted = wanted;
        if ((wanted & Status.FEATURES_OK) != 0) {
            boolean subset = (driverFeatures() & ~offeredFeatures()) == 0;
            boolean modern = (driverFeatures() & Feature.bit(Feature.VERSION_1)) != 0;
            if (!subset || !modern) {
                mistakes().count(Mistakes.Kind.BAD_REQUEST);
                granted &= ~Status.FEATURES_OK;
            }
        }
        if (((status() | granted) & Status.FEATURES_OK) == 0 && (granted & Status.DRIVER_OK) != 0) {
            mistakes().count(Mistakes.Kind.WRITE_OUT_OF_TURN);
            granted &= ~Status.DRIVER_OK;
        }
        return granted;
    }

    @Override
    int loadRegister(int offset) {
        if (offset >= SHM_LEN_LOW && offset <= SHM_BASE_HIGH) {
            // There is no shared memory region: its length reads as all ones.
            return -1;
        }
        return switch (offset) {
            case QUEUE_READY -> queueSelected() && selected().ready() ? 1 : 0;
            // A queue reset is over when the write returns; the configuration never changes.
            case QUEUE_RESET, CONFIG_GENERATION -> 0;
            default -> {
                mistakes().count(Mistakes.Kind.BAD_REGISTER_ACCESS);
                yield 0;
            }
        };
    }

    @Override
    void storeRegister(int offset, int value) {
        if (!queueSelected()) {
            mistakes().count(Mistakes.Kind.BAD_QUEUE);
            return;
        }
        if (selected().ready() && offset != QUEUE_READY && offset != QUEUE_RESET) {
            mistakes().count(Mistakes.Kind.WRITE_OUT_OF_TURN);
            return;
        }
        switch (offset) {
            case QUEUE_NUM -> {
                if (!selected().size(value)) {
                    mistakes().count(Mistakes.Kind.BAD_QUEUE);
                }
            }
            case QUEUE_READY -> ready((value & 1) != 0);
            case QUEUE_DESC_LOW -> low(0, value);
            case QUEUE_DESC_HIGH -> high(0, value);
            case QUEUE_DRIVER_LOW -> low(1, value);
            case QUEUE_DRIVER_HIGH -> high(1, value);
            case QUEUE_DEVICE_LOW -> low(2, value);
            case QUEUE_DEVICE_HIGH -> high(2, value);
            case QUEUE_RESET -> resetSelected(value);
            default -> mistakes().count(Mistakes.Kind.BAD_REGISTER_ACCESS);
        }
    }

    private void ready(boolean wanted) {
        if (!wanted) {
            selected().stop();
        } else if (!selected().ready()) {
            int at = 3 * selectedNumber();
            startSelected(areas[at], areas[at + 1], areas[at + 2]);
        }
    }

    private void resetSelected(int value) {
        if (value != 1 || !accepted(Feature.RING_RESET)) {
            mistakes().count(Mistakes.Kind.WRITE_OUT_OF_TURN);
            return;
        }
        selected().reset();
        behind().queueReset(selectedNumber());
    }

    private void low(int area, int value) {
        int at = 3 * selectedNumber() + area;
        areas[at] = areas[at] & 0xffff_ffff_0000_0000L | value & 0xffff_ffffL;
    }

    private void high(int area, int value) {
        int at = 3 * selectedNumber() + area;
        areas[at] = areas[at] & 0xffff_ffffL | (long) value << 32;
    }

    @Override
    void resetTransport() {
        Arrays.fill(areas, 0);
    }

    @Override
    void saveTransport(StateWriter writer) {
        for (long area : areas) {
            writer.i64(area);
        }
    }

    @Override
    void restoreTransport(StateReader reader) {
        for (int i = 0; i < areas.length; i++) {
            areas[i] = reader.i64();
        }
    }
}
