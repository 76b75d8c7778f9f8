package hartbeat.devices.virtio;

import hartbeat.devices.Mistakes;
import hartbeat.emulator.bus.InterruptLine;
import hartbeat.emulator.bus.MmioDevice;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Outbox;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.memory.GuestMemory;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;
import java.util.List;

/**
 * What both forms of the virtio-mmio transport share (virtio 1.2, 4.2): status, features, queue selection, interrupts, and the
 * configuration space. Registers are 32-bit words; the configuration space takes any width.
 */
public abstract class VirtioMmio implements MmioDevice {
    /** Bytes of address space. */
    public static final int SIZE = 0x1000;

    static final int MAGIC_VALUE = 0x000;
    static final int VERSION = 0x004;
    static final int DEVICE_ID = 0x008;
    static final int VENDOR_ID = 0x00c;
    static final int DEVICE_FEATURES = 0x010;
    static final int DEVICE_FEATURES_SEL = 0x014;
    static final int DRIVER_FEATURES = 0x020;
    static final int DRIVER_FEATURES_SEL = 0x024;
    static final int QUEUE_SEL = 0x030;
    static final int QUEUE_NUM_MAX = 0x034;
    static final int QUEUE_NUM = 0x038;
    static final int QUEUE_NOTIFY = 0x050;
    static final int INTERRUPT_STATUS = 0x060;
    static final int INTERRUPT_ACK = 0x064;
    static final int STATUS = 0x070;
    static final int CONFIG = 0x100;

    private static final int MAGIC = 0x74726976;
    /** "HRTB": who made the device, which drivers only print. */
    private static final int VENDOR = 0x42545248;

    private static final int USED_BUFFER = 1;
    private static final int CONFIGURATION_CHANGE = 2;

    private final int version;
    private final VirtioDevice device;
    private final GuestMemory memory;
    private final InterruptLine line;
    private final Mistakes mistakes = new Mistakes();
    private final Virtqueue[] queues;
    private int deviceFeaturesSel;
    private int driverFeaturesSel;
    private int queueSel;
    private int status;
    private int interruptStatus;
    private long driverFeatures;

    VirtioMmio(int version, VirtioDevice device, int index, GuestMemory memory, InterruptLine line, Outbox outbox) {
        this.version = version;
        this.device = device;
        this.memory = memory;
        this.line = line;
        int[] sizes = device.queueSizes();
        queues = new Virtqueue[sizes.length];
        for (int i = 0; i < sizes.length; i++) {
            queues[i] = new Virtqueue(memory, sizes[i]);
        }
        device.attach(new Link(index, outbox));
    }

    /** All feature bits that are offered, those of the transport too. */
    abstract long offeredFeatures();

    /** Whether the queues are to be worked on in this state of the device. */
    abstract boolean running();

    abstract int loadRegister(int offset);

    abstract void storeRegister(int offset, int value);

    /** The driver writes features, half by half. */
    abstract boolean featuresOpen();

    /** Status bits that the driver wants to add are examined; those that it gets are returned. */
    abstract int grantStatus(int wanted);

    abstract void resetTransport();

    abstract void saveTransport(StateWriter writer);

    abstract void restoreTransport(StateReader reader);

    public Mistakes mistakes() {
        return mistakes;
    }

    public VirtioDevice device() {
        return device;
    }

    @Override
    public final List<Output> outstanding() {
        return device.outstanding();
    }

    @Override
    public final int load(int offset, int width) {
        if (offset >= CONFIG) {
            return loadConfig(offset - CONFIG, width);
        }
        if (width != 4) {
            mistakes.count(Mistakes.Kind.BAD_REGISTER_ACCESS);
            return 0;
        }
        return switch (offset) {
            case MAGIC_VALUE -> MAGIC;
            case VERSION -> version;
            case DEVICE_ID -> device.type();
            case VENDOR_ID -> VENDOR;
            case DEVICE_FEATURES -> half(offeredFeatures(), deviceFeaturesSel);
            case QUEUE_NUM_MAX -> queueSelected() ? selected().maxSize() : 0;
            case INTERRUPT_STATUS -> interruptStatus;
            case STATUS -> status;
            default -> loadRegister(offset);
        };
    }

    @Override
    public final void store(int offset, int width, int value) {
        if (offset >= CONFIG) {
            device.configStore(offset - CONFIG, width, value);
            return;
        }
        if (width != 4) {
            mistakes.count(Mistakes.Kind.BAD_REGISTER_ACCESS);
            return;
        }
        switch (offset) {
            case DEVICE_FEATURES_SEL -> deviceFeaturesSel = value;
            case DRIVER_FEATURES_SEL -> driverFeaturesSel = value;
            case DRIVER_FEATURES -> storeFeatures(value);
            case QUEUE_SEL -> queueSel = value;
            case QUEUE_NOTIFY -> notifyQueue(value);
            case INTERRUPT_ACK -> {
                interruptStatus &= ~value;
                drive();
            }
            case STATUS -> storeStatus(value & 0xff);
            default -> storeRegister(offset, value);
        }
    }

    private int loadConfig(int offset, int width) {
        byte[] config = device.config();
        int value = 0;
        for (int i = 0; i < width && offset + i < config.length; i++) {
            value |= (config[offset + i] & 0xff) << 8 * i;
        }
        return value;
    }

    private void storeFeatures(int value) {
        if (!featuresOpen()) {
            mistakes.count(Mistakes.Kind.WRITE_OUT_OF_TURN);
        } else if (driverFeaturesSel == 0) {
            driverFeatures = driverFeatures & 0xffff_ffff_0000_0000L | value & 0xffff_ffffL;
        } else if (driverFeaturesSel == 1) {
            driverFeatures = driverFeatures & 0xffff_ffffL | (long) value << 32;
        }
    }

    private void notifyQueue(int number) {
        if (number < 0 || number >= queues.length || !queues[number].ready() || !running()) {
            mistakes.count(Mistakes.Kind.BAD_NOTIFY);
            return;
        }
        device.notified(number);
    }

    private void storeStatus(int value) {
        if (value == 0) {
            reset();
            return;
        }
        boolean wasRunning = running();
        // The driver must not take a bit back (virtio 1.2, 2.1.1); a bit once set stays.
        status |= grantStatus(value & ~status & ~Status.NEEDS_RESET);
        if (!wasRunning && running()) {
            device.started();
        }
    }

    /** The selected queue's register {@code QueueSel} names a queue of this device. */
    final boolean queueSelected() {
        return queueSel >= 0 && queueSel < queues.length;
    }

    final Virtqueue selected() {
        return queues[queueSel];
    }

    final int selectedNumber() {
        return queueSel;
    }

    final int queueCount() {
        return queues.length;
    }

    final int status() {
        return status;
    }

    final long driverFeatures() {
        return driverFeatures;
    }

    final boolean accepted(int feature) {
        return (driverFeatures & offeredFeatures() & Feature.bit(feature)) != 0;
    }

    /** Makes the selected queue work with rings at the given addresses; a queue that cannot be stays not ready. */
    final void startSelected(long descriptorArea, long driverArea, long deviceArea) {
        boolean started = selected()
                .start(
                        descriptorArea,
                        driverArea,
                        deviceArea,
                        accepted(Feature.EVENT_IDX),
                        accepted(Feature.INDIRECT_DESC));
        if (!started) {
            mistakes.count(Mistakes.Kind.BAD_QUEUE);
        }
    }

    final VirtioDevice behind() {
        return device;
    }

    private static int half(long features, int selection) {
        return switch (selection) {
            case 0 -> (int) features;
            case 1 -> (int) (features >>> 32);
            default -> 0;
        };
    }

    private void raise(int cause) {
        interruptStatus |= cause;
        drive();
    }

    private void drive() {
        line.level(interruptStatus != 0);
    }

    @Override
    public final void reset() {
        deviceFeaturesSel = 0;
        driverFeaturesSel = 0;
        queueSel = 0;
        status = 0;
        interruptStatus = 0;
        driverFeatures = 0;
        for (Virtqueue queue : queues) {
            queue.reset();
        }
        resetTransport();
        device.reset();
        drive();
    }

    @Override
    public final void apply(Input.ToDevice input) {
        device.apply(input);
    }

    @Override
    public final int room() {
        return device.room();
    }

    @Override
    public final String name() {
        return device.name();
    }

    @Override
    public final void save(StateWriter writer) {
        writer.i32(deviceFeaturesSel).i32(driverFeaturesSel).i32(queueSel);
        writer.i32(status).i32(interruptStatus).i64(driverFeatures);
        for (Virtqueue queue : queues) {
            queue.save(writer);
        }
        saveTransport(writer);
        device.save(writer);
    }

    @Override
    public final void restore(StateReader reader) {
        deviceFeaturesSel = reader.i32();
        driverFeaturesSel = reader.i32();
        queueSel = reader.i32();
        status = reader.i32();
        interruptStatus = reader.i32();
        driverFeatures = reader.i64();
        for (Virtqueue queue : queues) {
            queue.restore(reader);
        }
        restoreTransport(reader);
        device.restore(reader);
    }

    /** The transport as its device sees it. */
    private final class Link implements VirtioLink {
        private final int index;
        private final Outbox outbox;

        Link(int index, Outbox outbox) {
            this.index = index;
            this.outbox = outbox;
        }

        @Override
        public int index() {
            return index;
        }

        @Override
        public GuestMemory memory() {
            return memory;
        }

        @Override
        public Virtqueue queue(int number) {
            return queues[number];
        }

        @Override
        public boolean negotiated(int feature) {
            return accepted(feature);
        }

        @Override
        public boolean running() {
            return VirtioMmio.this.running();
        }

        @Override
        public void usedBuffers(int queue) {
            if (queues[queue].interruptWanted()) {
                raise(USED_BUFFER);
            }
        }

        @Override
        public boolean intact(int queue) {
            if (queues[queue].broken()) {
                mistakes.count(Mistakes.Kind.BAD_CHAIN);
                needsReset();
                return false;
            }
            return true;
        }

        @Override
        public void needsReset() {
            status |= Status.NEEDS_RESET;
            raise(CONFIGURATION_CHANGE);
        }

        @Override
        public Mistakes mistakes() {
            return mistakes;
        }

        @Override
        public void emit(Output output) {
            outbox.emit(output);
        }
    }
}
