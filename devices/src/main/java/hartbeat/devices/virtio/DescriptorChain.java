package hartbeat.devices.virtio;

import hartbeat.emulator.memory.GuestMemory;
import hartbeat.emulator.state.StateFormatException;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;
import java.util.Arrays;

/**
 * The buffers of one request, taken from the descriptor table once and checked: all of them lie in RAM, device-readable ones before
 * device-writable ones (virtio 1.2, 2.7.4.2). What the guest writes to the table afterwards changes nothing here. Offsets count
 * within all readable, or all writable, bytes.
 */
public final class DescriptorChain {
    private final int head;
    private final int readable;
    private final long[] addresses;
    private final int[] lengths;

    /**
     * @param head index of the first descriptor, that names the chain in the used ring
     * @param readable number of device-readable buffers, which come first
     */
    DescriptorChain(int head, int readable, long[] addresses, int[] lengths) {
        this.head = head;
        this.readable = readable;
        this.addresses = addresses;
        this.lengths = lengths;
    }

    public int head() {
        return head;
    }

    /** Bytes that the device may read. */
    public long readableBytes() {
        return sum(0, readable);
    }

    /** Bytes that the device may write. */
    public long writableBytes() {
        return sum(readable, lengths.length);
    }

    private long sum(int from, int to) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            sum += lengths[i];
        }
        return sum;
    }

    /** Reads {@code length} bytes that begin {@code offset} bytes into the readable part; both must lie within it. */
    public byte[] read(GuestMemory memory, long offset, int length) {
        byte[] bytes = new byte[length];
        long skip = offset;
        int done = 0;
        for (int i = 0; i < readable && done < length; i++) {
            if (skip >= lengths[i]) {
                skip -= lengths[i];
                continue;
            }
            int count = (int) Math.min(length - done, lengths[i] - skip);
            memory.read(addresses[i] + skip, bytes, done, count);
            done += count;
            skip = 0;
        }
        requireAll(done, length);
        return bytes;
    }

    /** Writes a part of {@code bytes} from {@code offset} bytes into the writable part on; all of it must lie within. */
    public void write(GuestMemory memory, long offset, byte[] bytes, int from, int length) {
        long skip = offset;
        int done = 0;
        for (int i = readable; i < lengths.length && done < length; i++) {
            if (skip >= lengths[i]) {
                skip -= lengths[i];
                continue;
            }
            int count = (int) Math.min(length - done, lengths[i] - skip);
            memory.write(addresses[i] + skip, bytes, from + done, count);
            done += count;
            skip = 0;
        }
        requireAll(done, length);
    }

    private static void requireAll(int done, int length) {
        if (done != length) {
            throw new IndexOutOfBoundsException(
                    "descriptor chain: expected=%d bytes, actual=%d".formatted(length, done));
        }
    }

    public void save(StateWriter writer) {
        writer.i32(head).i32(readable).i32(lengths.length);
        for (int i = 0; i < lengths.length; i++) {
            writer.i64(addresses[i]).i32(lengths[i]);
        }
    }

    /** Reads what {@link #save} wrote, and checks that it lies in {@code memory}. */
    public static DescriptorChain restore(StateReader reader, GuestMemory memory) {
        int head = reader.i32();
        int readable = reader.i32();
        int count = reader.i32();
        if (head < 0
                || head >= Virtqueue.MAX_SIZE
                || count < 0
                || count > 2 * Virtqueue.MAX_SIZE
                || readable < 0
                || readable > count) {
            throw new StateFormatException(
                    "descriptor chain: expected=a chain of at most %d buffers, actual=head %d, %d of %d"
                            .formatted(2 * Virtqueue.MAX_SIZE, head, readable, count));
        }
        long[] addresses = new long[count];
        int[] lengths = new int[count];
        for (int i = 0; i < count; i++) {
            addresses[i] = reader.i64();
            lengths[i] = reader.i32();
            if (!memory.contains(addresses[i], lengths[i])) {
                throw new StateFormatException(
                        "descriptor chain: 0x%x, %d bytes, is not in memory".formatted(addresses[i], lengths[i]));
            }
        }
        return new DescriptorChain(head, readable, addresses, lengths);
    }

    /** Collects buffers while a chain is walked. */
    static final class Builder {
        private long[] addresses = new long[8];
        private int[] lengths = new int[8];
        private int count;
        private int readable;

        /** @return false if a readable buffer follows a writable one */
        boolean add(long address, int length, boolean writable) {
            if (!writable && count > readable) {
                return false;
            }
            if (count == addresses.length) {
                addresses = Arrays.copyOf(addresses, 2 * count);
                lengths = Arrays.copyOf(lengths, 2 * count);
            }
            addresses[count] = address;
            lengths[count] = length;
            count++;
            readable += writable ? 0 : 1;
            return true;
        }

        int count() {
            return count;
        }

        DescriptorChain build(int head) {
            return new DescriptorChain(head, readable, Arrays.copyOf(addresses, count), Arrays.copyOf(lengths, count));
        }
    }
}
