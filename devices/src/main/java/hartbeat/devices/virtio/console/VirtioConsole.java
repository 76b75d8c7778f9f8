package hartbeat.devices.virtio.console;

import hartbeat.devices.ByteQueue;
import hartbeat.devices.Mistakes;
import hartbeat.devices.virtio.DescriptorChain;
import hartbeat.devices.virtio.Feature;
import hartbeat.devices.virtio.VirtioDevice;
import hartbeat.devices.virtio.VirtioLink;
import hartbeat.devices.virtio.Virtqueue;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Console with one port of 80 by 24 characters. */
public final class VirtioConsole implements VirtioDevice {
    /** Typed bytes that wait for the guest's buffers. */
    public static final int INPUT_BUFFER = 4096;

    /** Most bytes printed by one chain; the rest of a longer one is lost and counted. */
    public static final int MAX_OUTPUT_BYTES = 1 << 16;

    private static final int TYPE = 3;
    private static final int QUEUE_SIZE = 64;
    private static final int RECEIVE = 0;
    private static final int TRANSMIT = 1;
    private static final int F_SIZE = 0;
    private static final int COLUMNS = 80;
    private static final int ROWS = 24;
    private static final int CONFIG_BYTES = 12;

    private final String name;
    private final byte[] config;
    private final ByteQueue typed = new ByteQueue(INPUT_BUFFER);
    private @Nullable VirtioLink link;

    public VirtioConsole(String name) {
        this.name = name;
        this.config = ByteBuffer.allocate(CONFIG_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) COLUMNS)
                .putShort((short) ROWS)
                .putInt(1)
                .array();
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long features() {
        return Feature.bit(F_SIZE);
    }

    @Override
    public int[] queueSizes() {
        return new int[] {QUEUE_SIZE, QUEUE_SIZE};
    }

    @Override
    public void attach(VirtioLink transport) {
        link = transport;
    }

    @Override
    public byte[] config() {
        return config;
    }

    @Override
    public void notified(int queue) {
        if (queue == RECEIVE) {
            deliver();
        } else {
            print();
        }
    }

    /** Typed bytes wait for the driver, also for one that has not started. */
    @Override
    public void apply(Input.ToDevice input) {
        if (!(input instanceof Input.ConsoleInput console)) {
            link().mistakes().count(Mistakes.Kind.INPUT_UNEXPECTED);
            return;
        }
        for (byte octet : console.bytes()) {
            if (!typed.add(octet)) {
                link().mistakes().count(Mistakes.Kind.INPUT_DROPPED);
            }
        }
        if (link().running()) {
            deliver();
        }
    }

    @Override
    public int room() {
        return typed.room();
    }

    private void deliver() {
        Virtqueue queue = link().queue(RECEIVE);
        int available = queue.available();
        boolean used = false;
        for (int i = 0; i < available && !typed.isEmpty(); i++) {
            DescriptorChain chain = queue.take();
            if (chain == null) {
                break;
            }
            byte[] bytes = new byte[(int) Math.min(chain.writableBytes(), typed.size())];
            for (int at = 0; at < bytes.length; at++) {
                bytes[at] = (byte) typed.take();
            }
            chain.write(link().memory(), 0, bytes, 0, bytes.length);
            queue.put(chain, bytes.length);
            used = true;
        }
        if (used) {
            link().usedBuffers(RECEIVE);
        }
        if (link().intact(RECEIVE) && !typed.isEmpty()) {
            queue.wantNotification();
        }
    }

    private void print() {
        Virtqueue queue = link().queue(TRANSMIT);
        int available = queue.available();
        boolean used = false;
        for (int i = 0; i < available; i++) {
            DescriptorChain chain = queue.take();
            if (chain == null) {
                break;
            }
            int length = (int) Math.min(chain.readableBytes(), MAX_OUTPUT_BYTES);
            if (length < chain.readableBytes()) {
                link().mistakes().count(Mistakes.Kind.BAD_REQUEST);
            }
            if (length > 0) {
                byte[] bytes = chain.read(link().memory(), 0, length);
                link().emit(new Output.ConsoleOutput(link().index(), bytes));
            }
            queue.put(chain, 0);
            used = true;
        }
        if (used) {
            link().usedBuffers(TRANSMIT);
        }
        if (link().intact(TRANSMIT)) {
            queue.wantNotification();
        }
    }

    @Override
    public void started() {
        deliver();
    }

    @Override
    public void reset() {
        // What was typed lies on the wire; it waits for the next driver.
    }

    @Override
    public void queueReset(int queue) {
        // What was typed does not belong to a queue.
    }

    private VirtioLink link() {
        if (link == null) {
            throw new IllegalStateException(name + " has no transport");
        }
        return link;
    }

    @Override
    public void save(StateWriter writer) {
        typed.save(writer);
    }

    @Override
    public void restore(StateReader reader) {
        typed.restore(reader);
    }
}
