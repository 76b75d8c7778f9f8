package hartbeat.proof.attack;

import hartbeat.devices.board.MemoryMap;
import hartbeat.emulator.memory.GuestMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * What the virtio devices may write, worked out from what the driver wrote: the used rings of queues that were made ready, and every
 * device-writable buffer that a ring led to at a moment at which the device could look. Nothing is taken back before the device is
 * reset, so a little more may be granted than a device should use, never less.
 */
final class Grants {
    private static final int DRIVER_FEATURES = 0x020;
    private static final int DRIVER_FEATURES_SEL = 0x024;
    private static final int QUEUE_SEL = 0x030;
    private static final int QUEUE_NUM = 0x038;
    private static final int GUEST_PAGE_SIZE = 0x028;
    private static final int QUEUE_ALIGN = 0x03c;
    private static final int QUEUE_PFN = 0x040;
    private static final int QUEUE_READY = 0x044;
    private static final int STATUS = 0x070;
    private static final int QUEUE_DESC = 0x080;
    private static final int QUEUE_DRIVER = 0x090;
    private static final int QUEUE_DEVICE = 0x0a0;
    private static final int QUEUE_RESET = 0x0c0;

    private static final int FEATURES_OK = 8;
    /** Feature 40, in the upper half. */
    private static final int RING_RESET = 1 << 8;

    private static final int DESCRIPTOR_BYTES = 16;
    private static final int WRITE = 2;
    private static final int NEXT = 1;
    private static final int INDIRECT = 4;
    private static final int MOST_QUEUES = 2;
    private static final int PAGE = 4096;

    private final GuestMemory memory;
    private final boolean modern;
    private final Slot[] slots = new Slot[MemoryMap.VIRTIO_SLOTS];

    /** A ring that was made ready. */
    private record Ring(long descriptors, long avail, int size) {}

    /** One device's queues, as far as the driver has set them up. */
    private static final class Slot {
        final int[] maxSizes;
        final BitSet granted = new BitSet(Arena.MEMORY_BYTES);
        final List<Ring> rings = new ArrayList<>();
        final int[] size;
        final boolean[] ready = new boolean[MOST_QUEUES];
        final int[] align = new int[MOST_QUEUES];
        final long[] areas = new long[3 * MOST_QUEUES];
        int selected;
        int featuresSelected;
        boolean ringReset;
        long pageSize;

        Slot(int[] maxSizes) {
            this.maxSizes = maxSizes;
            this.size = maxSizes.clone();
            reset();
        }

        void reset() {
            granted.clear();
            rings.clear();
            System.arraycopy(maxSizes, 0, size, 0, size.length);
            Arrays.fill(ready, false);
            Arrays.fill(align, PAGE);
            Arrays.fill(areas, 0);
            selected = 0;
            featuresSelected = 0;
            ringReset = false;
            pageSize = PAGE;
        }
    }

    /** @param maxSizes greatest sizes of the queues of the device in each slot; empty for a slot without a device */
    Grants(GuestMemory memory, boolean modern, int[][] maxSizes) {
        this.memory = memory;
        this.modern = modern;
        for (int i = 0; i < slots.length; i++) {
            slots[i] = new Slot(i < maxSizes.length ? maxSizes[i] : new int[0]);
        }
    }

    /** The machine begins again. */
    void reset() {
        for (Slot slot : slots) {
            slot.reset();
        }
    }

    /**
     * The driver is about to store a word to a register of the device in a slot.
     *
     * @param status what the device's status register shows before
     */
    void store(int number, int offset, int value, int status) {
        Slot slot = slots[number];
        if (offset == STATUS && (value & 0xff) == 0) {
            slot.reset();
            return;
        }
        if (offset == QUEUE_SEL) {
            slot.selected = value;
        } else if (offset == DRIVER_FEATURES_SEL) {
            slot.featuresSelected = value;
        } else if (offset == DRIVER_FEATURES) {
            boolean open = (status & FEATURES_OK) == 0 && slot.featuresSelected == 1;
            slot.ringReset = open ? (value & RING_RESET) != 0 : slot.ringReset;
        } else if (offset == GUEST_PAGE_SIZE && !modern && value > 0 && Integer.bitCount(value) == 1) {
            slot.pageSize = value;
        } else if (slot.selected >= 0 && slot.selected < slot.size.length) {
            setUp(slot, offset, value);
        }
        look(number);
    }

    private void setUp(Slot slot, int offset, int value) {
        int queue = slot.selected;
        if (modern && offset == QUEUE_RESET && value == 1 && slot.ringReset) {
            slot.ready[queue] = false;
            slot.size[queue] = slot.maxSizes[queue];
        } else if (modern && offset == QUEUE_READY) {
            if ((value & 1) == 0) {
                slot.ready[queue] = false;
            } else {
                start(slot, queue, slot.areas[3 * queue], slot.areas[3 * queue + 1], slot.areas[3 * queue + 2]);
            }
        } else if (!modern && offset == QUEUE_PFN) {
            place(slot, queue, value);
        } else if (offset == QUEUE_NUM && !slot.ready[queue]) {
            boolean valid = value > 0 && Integer.bitCount(value) == 1 && value <= slot.maxSizes[queue];
            slot.size[queue] = valid ? value : slot.size[queue];
        } else if (!modern && offset == QUEUE_ALIGN && !slot.ready[queue]) {
            boolean valid = Integer.bitCount(value) == 1 && value >= 4 && value <= 1 << 16;
            slot.align[queue] = valid ? value : slot.align[queue];
        } else if (modern && !slot.ready[queue]) {
            area(slot, 3 * queue, offset, value);
        }
    }

    private static void area(Slot slot, int first, int offset, int value) {
        int[] bases = {QUEUE_DESC, QUEUE_DRIVER, QUEUE_DEVICE};
        for (int i = 0; i < bases.length; i++) {
            if (offset == bases[i]) {
                slot.areas[first + i] = slot.areas[first + i] & 0xffff_ffff_0000_0000L | value & 0xffff_ffffL;
            } else if (offset == bases[i] + 4) {
                slot.areas[first + i] = slot.areas[first + i] & 0xffff_ffffL | (long) value << 32;
            }
        }
    }

    private void place(Slot slot, int queue, int pageNumber) {
        if (pageNumber == 0) {
            slot.ready[queue] = false;
            return;
        }
        long base = (pageNumber & 0xffff_ffffL) * slot.pageSize;
        long avail = base + 16L * slot.size[queue];
        long used = Math.ceilDiv(avail + 6 + 2L * slot.size[queue], (long) slot.align[queue]) * slot.align[queue];
        start(slot, queue, base, avail, used);
    }

    private void start(Slot slot, int queue, long descriptors, long avail, long used) {
        int size = slot.size[queue];
        if (slot.ready[queue]
                || descriptors % 16 != 0
                || avail % 2 != 0
                || used % 4 != 0
                || !memory.contains(descriptors, 16L * size)
                || !memory.contains(avail, 6 + 2L * size)
                || !memory.contains(used, 6 + 8L * size)) {
            return;
        }
        slot.ready[queue] = true;
        slot.rings.add(new Ring(descriptors, avail, size));
        grant(slot, used, 6 + 8 * size);
    }

    /** The device in a slot is about to look at its rings. */
    void look(int number) {
        Slot slot = slots[number];
        for (Ring ring : slot.rings) {
            BitSet seen = new BitSet(ring.size());
            for (int i = 0; i < ring.size(); i++) {
                follow(slot, ring, memory.u16(ring.avail() + 4 + 2L * i), seen);
            }
        }
    }

    private void follow(Slot slot, Ring ring, int head, BitSet seen) {
        for (int index = head; index < ring.size() && !seen.get(index); ) {
            seen.set(index);
            long descriptor = ring.descriptors() + (long) DESCRIPTOR_BYTES * index;
            int flags = memory.u16(descriptor + 12);
            long address = memory.i64(descriptor);
            int length = memory.i32(descriptor + 8);
            if ((flags & INDIRECT) != 0) {
                table(slot, address, length);
                return;
            }
            if ((flags & WRITE) != 0) {
                grant(slot, address, length);
            }
            if ((flags & NEXT) == 0) {
                return;
            }
            index = memory.u16(descriptor + 14);
        }
    }

    /** All of a table of indirect descriptors, whether a chain leads there or not. */
    private void table(Slot slot, long table, int bytes) {
        if (bytes <= 0 || bytes > DESCRIPTOR_BYTES * 256 || !memory.contains(table, bytes)) {
            return;
        }
        for (long entry = table; entry + DESCRIPTOR_BYTES <= table + bytes; entry += DESCRIPTOR_BYTES) {
            if ((memory.u16(entry + 12) & WRITE) != 0) {
                grant(slot, memory.i64(entry), memory.i32(entry + 8));
            }
        }
    }

    private void grant(Slot slot, long address, int length) {
        if (memory.contains(address, length)) {
            int from = (int) (address - GuestMemory.BASE);
            slot.granted.set(from, from + length);
        }
    }

    /** Whether the device in a slot may write there. */
    boolean allows(int number, long address, int length) {
        int from = (int) (address - GuestMemory.BASE);
        return slots[number].granted.nextClearBit(from) >= from + length;
    }
}
