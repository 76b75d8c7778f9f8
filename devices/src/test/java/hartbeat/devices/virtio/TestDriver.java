package hartbeat.devices.virtio;

import hartbeat.emulator.bus.InterruptLine;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.memory.GuestMemory;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** A driver as the specification has it, on one device with memory of its own. */
public final class TestDriver {
    public static final int MEMORY_BYTES = 1 << 20;
    /** Where tests put their buffers. */
    public static final long BUFFERS = GuestMemory.BASE + 0x4_0000;

    public static final int QUEUE_SIZE = 8;
    private static final long RINGS = GuestMemory.BASE + 0x1000;
    private static final int RING_STRIDE = 0x3000;
    private static final int DEVICE_INDEX = 7;

    public final GuestMemory memory = new GuestMemory(MEMORY_BYTES);
    public final List<Output> outputs = new ArrayList<>();
    public final VirtioMmio transport;
    public boolean interrupt;
    private final Supplier<VirtioDevice> kind;
    private final boolean legacy;
    private final int[] availIndex = new int[2];
    private int nextDescriptor;

    public TestDriver(Supplier<VirtioDevice> kind, boolean legacy) {
        this.kind = kind;
        this.legacy = legacy;
        this.transport = transport(level -> interrupt = level);
        transport.reset();
    }

    private VirtioMmio transport(InterruptLine line) {
        return legacy
                ? new LegacyMmio(kind.get(), DEVICE_INDEX, memory, line, outputs::add)
                : new ModernMmio(kind.get(), DEVICE_INDEX, memory, line, outputs::add);
    }

    /** A second device with the same memory that takes over this one's state. */
    public VirtioMmio twin() {
        StateWriter writer = new StateWriter();
        transport.save(writer);
        VirtioMmio twin = transport(level -> interrupt = level);
        StateReader reader = new StateReader(writer.toBytes());
        twin.restore(reader);
        reader.end();
        return twin;
    }

    public int index() {
        return DEVICE_INDEX;
    }

    public int get(int register) {
        return transport.load(register, 4);
    }

    public void set(int register, int value) {
        transport.store(register, 4, value);
    }

    public int status() {
        return get(VirtioMmio.STATUS);
    }

    public long offered() {
        set(VirtioMmio.DEVICE_FEATURES_SEL, 1);
        long high = get(VirtioMmio.DEVICE_FEATURES);
        set(VirtioMmio.DEVICE_FEATURES_SEL, 0);
        return high << 32 | get(VirtioMmio.DEVICE_FEATURES) & 0xffff_ffffL;
    }

    /** Negotiates and sets up the queues, up to DRIVER_OK. */
    public TestDriver start(long features, int queues) {
        set(VirtioMmio.STATUS, 1);
        set(VirtioMmio.STATUS, 3);
        set(VirtioMmio.DRIVER_FEATURES_SEL, 0);
        set(VirtioMmio.DRIVER_FEATURES, (int) features);
        if (!legacy) {
            set(VirtioMmio.DRIVER_FEATURES_SEL, 1);
            set(VirtioMmio.DRIVER_FEATURES, (int) (features >>> 32));
            set(VirtioMmio.STATUS, 11);
        }
        for (int queue = 0; queue < queues; queue++) {
            place(queue);
        }
        set(VirtioMmio.STATUS, status() | Status.DRIVER_OK);
        return this;
    }

    /** As {@link #start}, after a reset of the device. */
    public TestDriver restart(long features, int queues) {
        for (int queue = 0; queue < queues; queue++) {
            availIndex[queue] = 0;
            memory.i16(avail(queue) + 2, 0);
            memory.i16(used(queue) + 2, 0);
        }
        return start(features, queues);
    }

    private void place(int queue) {
        set(VirtioMmio.QUEUE_SEL, queue);
        set(VirtioMmio.QUEUE_NUM, QUEUE_SIZE);
        if (legacy) {
            set(0x028, 4096);
            set(0x03c, 4096);
            set(0x040, (int) (descriptors(queue) / 4096));
            return;
        }
        set(0x080, (int) descriptors(queue));
        set(0x090, (int) avail(queue));
        set(0x0a0, (int) used(queue));
        set(0x044, 1);
    }

    public long descriptors(int queue) {
        return RINGS + (long) RING_STRIDE * queue;
    }

    public long avail(int queue) {
        return descriptors(queue) + 16 * QUEUE_SIZE;
    }

    public long used(int queue) {
        return descriptors(queue) + 4096;
    }

    /** Writes a descriptor. */
    public void descriptor(int queue, int index, long address, int length, int flags, int next) {
        long at = descriptors(queue) + 16L * index;
        memory.i32(at, (int) address);
        memory.i32(at + 4, (int) (address >>> 32));
        memory.i32(at + 8, length);
        memory.i16(at + 12, flags);
        memory.i16(at + 14, next);
    }

    /** Makes a chain available without telling. */
    public void offer(int queue, int head) {
        memory.i16(avail(queue) + 4 + 2L * (availIndex[queue] % QUEUE_SIZE), head);
        availIndex[queue] = (availIndex[queue] + 1) & 0xffff;
        memory.i16(avail(queue) + 2, availIndex[queue]);
    }

    /** A buffer of a chain. */
    public record Buffer(long address, int length, boolean writable) {}

    /** Makes a chain of fresh descriptors available. */
    public int offer(int queue, Buffer... buffers) {
        int head = nextDescriptor;
        for (int i = 0; i < buffers.length; i++) {
            int index = nextDescriptor;
            nextDescriptor = (nextDescriptor + 1) % QUEUE_SIZE;
            boolean last = i == buffers.length - 1;
            int flags = (last ? 0 : 1) | (buffers[i].writable() ? 2 : 0);
            descriptor(queue, index, buffers[i].address(), buffers[i].length(), flags, last ? 0 : nextDescriptor);
        }
        offer(queue, head);
        return head;
    }

    public void kick(int queue) {
        set(VirtioMmio.QUEUE_NOTIFY, queue);
    }

    public int usedIndex(int queue) {
        return memory.u16(used(queue) + 2);
    }

    public int usedLength(int queue, int place) {
        return memory.i32(used(queue) + 8 + 8L * (place % QUEUE_SIZE));
    }

    public int usedHead(int queue, int place) {
        return memory.i32(used(queue) + 4 + 8L * (place % QUEUE_SIZE));
    }

    public void put(long address, byte[] bytes) {
        memory.write(address, bytes, 0, bytes.length);
    }

    public byte[] take(long address, int length) {
        byte[] bytes = new byte[length];
        memory.read(address, bytes, 0, length);
        return bytes;
    }
}
