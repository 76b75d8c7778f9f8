package hartbeat.devices.virtio;

import hartbeat.emulator.memory.GuestMemory;
import hartbeat.emulator.state.StateFormatException;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;
import org.jspecify.annotations.Nullable;

/**
 * Device side of a split virtqueue (virtio 1.2, 2.7). The rings are checked to lie in RAM when the queue is made ready; chains are
 * checked when they are taken. A broken ring makes {@link #broken} true and yields nothing more until the device is reset.
 */
public final class Virtqueue {
    /** Most descriptors that a queue of ours can have. */
    public static final int MAX_SIZE = 256;

    private static final int DESCRIPTOR_BYTES = 16;
    private static final int FLAG_NEXT = 1;
    private static final int FLAG_WRITE = 2;
    private static final int FLAG_INDIRECT = 4;
    private static final int AVAIL_NO_INTERRUPT = 1;
    private static final int RING_HEADER_BYTES = 4;
    private static final int USED_ELEMENT_BYTES = 8;

    private final GuestMemory memory;
    private final int maxSize;

    private int size;
    private boolean ready;
    private long descriptors;
    private long avail;
    private long used;
    /** Ring indexes run freely modulo 2^16. */
    private int nextAvail;

    private int nextUsed;
    /** Value of {@link #nextUsed} when the driver was last told. */
    private int signalledUsed;

    private boolean signalledUsedValid;
    private boolean eventIndex;
    private boolean indirect;
    private boolean broken;

    /** @param maxSize a power of two, at most {@link #MAX_SIZE} */
    Virtqueue(GuestMemory memory, int maxSize) {
        this.memory = memory;
        this.maxSize = maxSize;
        this.size = maxSize;
    }

    /** Largest size that the driver may choose. */
    public int maxSize() {
        return maxSize;
    }

    public int size() {
        return size;
    }

    public boolean ready() {
        return ready;
    }

    public boolean broken() {
        return broken;
    }

    /** Sets the size if it can be one. */
    boolean size(int value) {
        boolean valid = Integer.bitCount(value) == 1 && value > 0 && value <= maxSize;
        if (valid) {
            size = value;
        }
        return valid;
    }

    /**
     * Starts the queue.
     *
     * @return false if the rings do not lie in memory as they must
     */
    boolean start(long descriptorArea, long driverArea, long deviceArea, boolean useEventIndex, boolean useIndirect) {
        if (!fits(descriptorArea, driverArea, deviceArea)) {
            return false;
        }
        descriptors = descriptorArea;
        avail = driverArea;
        used = deviceArea;
        eventIndex = useEventIndex;
        indirect = useIndirect;
        ready = true;
        return true;
    }

    private boolean fits(long descriptorArea, long driverArea, long deviceArea) {
        return descriptorArea % 16 == 0
                && driverArea % 2 == 0
                && deviceArea % 4 == 0
                && memory.contains(descriptorArea, (long) DESCRIPTOR_BYTES * size)
                && memory.contains(driverArea, RING_HEADER_BYTES + 2L * size + 2)
                && memory.contains(deviceArea, RING_HEADER_BYTES + (long) USED_ELEMENT_BYTES * size + 2);
    }

    void reset() {
        size = maxSize;
        stop();
        descriptors = 0;
        avail = 0;
        used = 0;
        nextAvail = 0;
        nextUsed = 0;
        signalledUsed = 0;
        signalledUsedValid = false;
        eventIndex = false;
        indirect = false;
        broken = false;
    }

    /** The driver takes the queue back without a reset of the whole device. */
    void stop() {
        ready = false;
    }

    /**
     * Number of chains that the driver has made available and that were not taken. Read once per notification: a device that
     * writes to memory while it counts could be made to count for ever.
     */
    public int available() {
        if (!ready || broken) {
            return 0;
        }
        int count = (memory.u16(avail + 2) - nextAvail) & 0xffff;
        if (count > size) {
            broken = true;
            return 0;
        }
        return count;
    }

    /** Takes the next available chain; null if there is none, or if it is {@link #broken}. */
    public @Nullable DescriptorChain take() {
        if (available() == 0) {
            return null;
        }
        int head = memory.u16(avail + RING_HEADER_BYTES + 2L * (nextAvail & (size - 1)));
        DescriptorChain chain = head < size ? walk(head) : null;
        if (chain == null) {
            broken = true;
            return null;
        }
        nextAvail = (nextAvail + 1) & 0xffff;
        return chain;
    }

    /** Puts the last {@code count} chains back, as if they had not been taken. */
    public void untake(int count) {
        nextAvail = (nextAvail - count) & 0xffff;
    }

    /**
     * Asks for a notification at the next chain that the driver makes available (virtio 1.2, 2.7.10). With event indexes a
     * device that wants none simply leaves the index behind; without them it is always notified.
     */
    public void wantNotification() {
        if (ready && !broken && eventIndex) {
            memory.i16(used + RING_HEADER_BYTES + (long) USED_ELEMENT_BYTES * size, nextAvail);
        }
    }

    /**
     * Gives a chain back.
     *
     * @param written bytes that the device wrote to its writable part
     */
    public void put(DescriptorChain chain, int written) {
        if (ready && !broken) {
            write(chain, written, 0);
            publish(1);
        }
    }

    /** Fills a used element without showing it yet. */
    public void write(DescriptorChain chain, int written, int ahead) {
        long element = used + RING_HEADER_BYTES + (long) USED_ELEMENT_BYTES * ((nextUsed + ahead) & (size - 1));
        memory.i32(element, chain.head());
        memory.i32(element + 4, written);
    }

    /** Shows {@code count} filled elements to the driver at once. */
    public void publish(int count) {
        nextUsed = (nextUsed + count) & 0xffff;
        memory.i16(used + 2, nextUsed);
    }

    /** Whether the driver wants an interrupt for what was given back since it was last told (virtio 1.2, 2.7.7). */
    boolean interruptWanted() {
        if (!ready || broken) {
            return false;
        }
        if (!eventIndex) {
            return (memory.u16(avail) & AVAIL_NO_INTERRUPT) == 0;
        }
        int event = memory.u16(avail + RING_HEADER_BYTES + 2L * size);
        int before = signalledUsed;
        boolean valid = signalledUsedValid;
        signalledUsed = nextUsed;
        signalledUsedValid = true;
        return !valid || ((nextUsed - event - 1) & 0xffff) < ((nextUsed - before) & 0xffff);
    }

    private @Nullable DescriptorChain walk(int head) {
        DescriptorChain.Builder builder = new DescriptorChain.Builder();
        int index = head;
        // No chain is longer than the queue, so a loop ends here too (virtio 1.2, 2.7.5.3.1).
        for (int steps = 0; steps < size; steps++) {
            long descriptor = descriptors + (long) DESCRIPTOR_BYTES * index;
            int flags = memory.u16(descriptor + 12);
            if ((flags & FLAG_INDIRECT) != 0) {
                return (flags & FLAG_NEXT) == 0 && walkIndirect(builder, descriptor) ? builder.build(head) : null;
            }
            if (!add(builder, descriptor, flags)) {
                return null;
            }
            if ((flags & FLAG_NEXT) == 0) {
                return builder.build(head);
            }
            index = memory.u16(descriptor + 14);
            if (index >= size) {
                return null;
            }
        }
        return null;
    }

    private boolean walkIndirect(DescriptorChain.Builder builder, long descriptor) {
        long table = memory.i64(descriptor);
        int tableBytes = memory.i32(descriptor + 8);
        int count = tableBytes / DESCRIPTOR_BYTES;
        if (!indirect
                || tableBytes <= 0
                || tableBytes % DESCRIPTOR_BYTES != 0
                || count > MAX_SIZE
                || !memory.contains(table, tableBytes)) {
            return false;
        }
        int index = 0;
        for (int steps = 0; steps < count; steps++) {
            long entry = table + (long) DESCRIPTOR_BYTES * index;
            int flags = memory.u16(entry + 12);
            if ((flags & FLAG_INDIRECT) != 0 || !add(builder, entry, flags)) {
                return false;
            }
            if ((flags & FLAG_NEXT) == 0) {
                return true;
            }
            index = memory.u16(entry + 14);
            if (index >= count) {
                return false;
            }
        }
        return false;
    }

    private boolean add(DescriptorChain.Builder builder, long descriptor, int flags) {
        long address = memory.i64(descriptor);
        int length = memory.i32(descriptor + 8);
        return memory.contains(address, length) && builder.add(address, length, (flags & FLAG_WRITE) != 0);
    }

    void save(StateWriter writer) {
        writer.i32(size).flag(ready).i64(descriptors).i64(avail).i64(used);
        writer.i32(nextAvail).i32(nextUsed).i32(signalledUsed).flag(signalledUsedValid);
        writer.flag(eventIndex).flag(indirect).flag(broken);
    }

    void restore(StateReader reader) {
        int savedSize = reader.i32();
        if (!size(savedSize)) {
            throw new StateFormatException(
                    "virtqueue size: expected=a power of two up to %d, actual=%d".formatted(maxSize, savedSize));
        }
        ready = reader.flag();
        descriptors = reader.i64();
        avail = reader.i64();
        used = reader.i64();
        if (ready && !fits(descriptors, avail, used)) {
            throw new StateFormatException("virtqueue at 0x%x, 0x%x, 0x%x, size %d, is not in memory"
                    .formatted(descriptors, avail, used, size));
        }
        nextAvail = reader.i32() & 0xffff;
        nextUsed = reader.i32() & 0xffff;
        signalledUsed = reader.i32() & 0xffff;
        signalledUsedValid = reader.flag();
        eventIndex = reader.flag();
        indirect = reader.flag();
        broken = reader.flag();
    }
}
