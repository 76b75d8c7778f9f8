package hartbeat.devices.virtio;

import hartbeat.devices.Mistakes;
import hartbeat.emulator.bus.InterruptLine;
import hartbeat.emulator.io.Outbox;
import hartbeat.emulator.memory.GuestMemory;
import hartbeat.emulator.state.StateFormatException;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;
import java.util.Arrays;

/**
 * The virtio-mmio transport, version 1 (virtio 1.2, 4.2.4): a queue is one contiguous area given by its page number. Legacy
 * drivers may set up and use queues before DRIVER_OK, and some set it before their queues.
 */
public final class LegacyMmio extends VirtioMmio {
    private static final int GUEST_PAGE_SIZE = 0x028;
    private static final int QUEUE_ALIGN = 0x03c;
    private static final int QUEUE_PFN = 0x040;

    private static final int DEFAULT_ALIGN = 4096;
    private static final int MAX_ALIGN = 1 << 16;

    private static final long TRANSPORT_FEATURES =
            Feature.bit(Feature.ANY_LAYOUT) | Feature.bit(Feature.INDIRECT_DESC) | Feature.bit(Feature.EVENT_IDX);

    private int guestPageSize;
    private final int[] align;
    private final int[] pageNumber;

    public LegacyMmio(VirtioDevice device, int index, GuestMemory memory, InterruptLine line, Outbox outbox) {
        super(1, device, index, memory, line, outbox);
        align = new int[queueCount()];
        pageNumber = new int[queueCount()];
        resetTransport();
    }

    @Override
    long offeredFeatures() {
        return (behind().features() | TRANSPORT_FEATURES) & 0xffff_ffffL;
    }

    @Override
    boolean running() {
        return (status() & Status.NEEDS_RESET) == 0;
    }

    @Override
    boolean featuresOpen() {
        return (status() & Status.DRIVER_OK) == 0;
    }

    @Override
    int grantStatus(int wanted) {
        return wanted;
    }

    @Override
    int loadRegister(int offset) {
        if (offset == QUEUE_PFN) {
            return queueSelected() ? pageNumber[selectedNumber()] : 0;
        }
        mistakes().count(Mistakes.Kind.BAD_REGISTER_ACCESS);
        return 0;
    }

    @Override
    void storeRegister(int offset, int value) {
        if (offset == GUEST_PAGE_SIZE) {
            if (canBePageSize(value)) {
                guestPageSize = value;
            } else {
                mistakes().count(Mistakes.Kind.BAD_REQUEST);
            }
            return;
        }
        if (!queueSelected()) {
            mistakes().count(Mistakes.Kind.BAD_QUEUE);
            return;
        }
        if (selected().ready() && offset != QUEUE_PFN) {
            mistakes().count(Mistakes.Kind.WRITE_OUT_OF_TURN);
            return;
        }
        switch (offset) {
            case QUEUE_NUM -> {
                if (!selected().size(value)) {
                    mistakes().count(Mistakes.Kind.BAD_QUEUE);
                }
            }
            case QUEUE_ALIGN -> {
                if (canBeAlignment(value)) {
                    align[selectedNumber()] = value;
                } else {
                    mistakes().count(Mistakes.Kind.BAD_QUEUE);
                }
            }
            case QUEUE_PFN -> place(value);
            default -> mistakes().count(Mistakes.Kind.BAD_REGISTER_ACCESS);
        }
    }

    private static boolean canBePageSize(int value) {
        return value > 0 && Integer.bitCount(value) == 1;
    }

    private static boolean canBeAlignment(int value) {
        return value >= 4 && value <= MAX_ALIGN && Integer.bitCount(value) == 1;
    }

    /** Page number 0 takes the queue back (virtio 1.2, 4.2.4). */
    private void place(int value) {
        int queue = selectedNumber();
        if (value == 0) {
            pageNumber[queue] = 0;
            int size = selected().size();
            selected().reset();
            selected().size(size);
            behind().queueReset(queue);
            return;
        }
        if (selected().ready()) {
            mistakes().count(Mistakes.Kind.WRITE_OUT_OF_TURN);
            return;
        }
        long base = (value & 0xffff_ffffL) * guestPageSize;
        long availArea = base + 16L * selected().size();
        long availEnd = availArea + 6 + 2L * selected().size();
        long usedArea = Math.ceilDiv(availEnd, (long) align[queue]) * align[queue];
        startSelected(base, availArea, usedArea);
        pageNumber[queue] = selected().ready() ? value : 0;
    }

    @Override
    void resetTransport() {
        guestPageSize = DEFAULT_ALIGN;
        for (int i = 0; i < align.length; i++) {
            align[i] = DEFAULT_ALIGN;
            pageNumber[i] = 0;
        }
    }

    @Override
    void saveTransport(StateWriter writer) {
        writer.i32(guestPageSize).i32s(align).i32s(pageNumber);
    }

    @Override
    void restoreTransport(StateReader reader) {
        guestPageSize = reader.i32();
        reader.i32s(align);
        reader.i32s(pageNumber);
        if (!canBePageSize(guestPageSize) || !Arrays.stream(align).allMatch(LegacyMmio::canBeAlignment)) {
            throw new StateFormatException(
                    "legacy transport: expected=powers of two, actual=page size %d, alignments %s"
                            .formatted(guestPageSize, Arrays.toString(align)));
        }
    }
}
