package hartbeat.devices.virtio.net;

import hartbeat.devices.Mistakes;
import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.virtio.DescriptorChain;
import hartbeat.devices.virtio.Feature;
import hartbeat.devices.virtio.VirtioDevice;
import hartbeat.devices.virtio.VirtioLink;
import hartbeat.devices.virtio.Virtqueue;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.state.StateFormatException;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Network device without offloads: every frame is complete, checksums included. */
public final class VirtioNet implements VirtioDevice {
    /** Frames that wait for the guest's buffers. */
    public static final int PENDING_FRAMES = 256;

    /** Shortest and longest frame, in bytes. */
    public static final int MIN_FRAME_BYTES = 14;

    public static final int MAX_FRAME_BYTES = 65550;

    private static final int TYPE = 1;
    private static final int QUEUE_SIZE = 256;
    private static final int RECEIVE = 0;
    private static final int TRANSMIT = 1;

    private static final int F_MTU = 3;
    private static final int F_MAC = 5;
    private static final int F_MRG_RXBUF = 15;
    private static final int F_STATUS = 16;

    private static final int STATUS_LINK_UP = 1;
    private static final int CONFIG_BYTES = 12;
    private static final int HEADER_BYTES = 12;
    private static final int LEGACY_HEADER_BYTES = 10;
    private static final int NUM_BUFFERS_AT = 10;

    private final String name;
    private final BoardConfig.Nic nic;
    private final byte[] config;
    private final Deque<byte[]> pending = new ArrayDeque<>();
    private @Nullable VirtioLink link;

    public VirtioNet(String name, BoardConfig.Nic nic) {
        this.name = name;
        this.nic = nic;
        this.config = ByteBuffer.allocate(CONFIG_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(nic.mac().toBytes())
                .putShort((short) STATUS_LINK_UP)
                .putShort((short) 1)
                .putShort((short) nic.mtu())
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
        return Feature.bit(F_MAC)
                | Feature.bit(F_MRG_RXBUF)
                | Feature.bit(F_STATUS)
                | (nic.mtu() != 0 ? Feature.bit(F_MTU) : 0);
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
            transmit();
        }
    }

    /** A frame for a guest whose driver has not started is lost, as on a cable into a machine that is off. */
    @Override
    public void apply(Input.ToDevice input) {
        if (!(input instanceof Input.FrameReceived received)
                || received.frame().length < MIN_FRAME_BYTES
                || received.frame().length > MAX_FRAME_BYTES) {
            link().mistakes().count(Mistakes.Kind.INPUT_UNEXPECTED);
        } else if (!link().running() || !link().queue(RECEIVE).ready() || pending.size() >= PENDING_FRAMES) {
            link().mistakes().count(Mistakes.Kind.INPUT_DROPPED);
        } else {
            pending.add(received.frame());
            deliver();
        }
    }

    @Override
    public int room() {
        return PENDING_FRAMES - pending.size();
    }

    private void deliver() {
        boolean delivered = false;
        boolean starved = false;
        while (!starved && !pending.isEmpty()) {
            Fit fit = place(pending.element());
            starved = fit == Fit.NO_BUFFERS;
            if (!starved) {
                pending.remove();
                delivered |= fit == Fit.DELIVERED;
            }
        }
        if (delivered) {
            link().usedBuffers(RECEIVE);
        }
        if (link().intact(RECEIVE) && starved) {
            link().queue(RECEIVE).wantNotification();
        }
    }

    private enum Fit {
        DELIVERED,
        /** Wait for more buffers. */
        NO_BUFFERS,
        /** No buffers of this driver can ever hold it. */
        TOO_LONG
    }

    /** Puts a frame and its header into as many chains as it takes, one if the driver does not merge buffers. */
    private Fit place(byte[] frame) {
        Virtqueue queue = link().queue(RECEIVE);
        int header = headerBytes();
        byte[] packet = new byte[header + frame.length];
        System.arraycopy(frame, 0, packet, header, frame.length);
        boolean merge = link().negotiated(F_MRG_RXBUF);
        List<DescriptorChain> chains = new ArrayList<>();
        long space = 0;
        int available = queue.available();
        while (space < packet.length && (merge || chains.isEmpty())) {
            DescriptorChain chain = chains.size() < available ? queue.take() : null;
            if (chain == null) {
                queue.untake(chains.size());
                return chains.size() < queue.size() ? Fit.NO_BUFFERS : tooLong();
            }
            chains.add(chain);
            if (chain.writableBytes() == 0) {
                link().mistakes().count(Mistakes.Kind.BAD_CHAIN);
                link().needsReset();
                return Fit.NO_BUFFERS;
            }
            space += chain.writableBytes();
        }
        if (space < packet.length) {
            // One chain is used up by a frame that does not fit it, or it would stand in the way for ever.
            queue.put(chains.getFirst(), 0);
            return tooLong();
        }
        if (header == HEADER_BYTES) {
            packet[NUM_BUFFERS_AT] = (byte) chains.size();
            packet[NUM_BUFFERS_AT + 1] = (byte) (chains.size() >>> 8);
        }
        fill(queue, chains, packet);
        return Fit.DELIVERED;
    }

    private Fit tooLong() {
        link().mistakes().count(Mistakes.Kind.INPUT_DROPPED);
        return Fit.TOO_LONG;
    }

    private void fill(Virtqueue queue, List<DescriptorChain> chains, byte[] packet) {
        int done = 0;
        for (int i = 0; i < chains.size(); i++) {
            DescriptorChain chain = chains.get(i);
            int count = (int) Math.min(chain.writableBytes(), packet.length - done);
            chain.write(link().memory(), 0, packet, done, count);
            queue.write(chain, count, i);
            done += count;
        }
        queue.publish(chains.size());
    }

    private void transmit() {
        Virtqueue queue = link().queue(TRANSMIT);
        int header = headerBytes();
        int available = queue.available();
        boolean used = false;
        for (int i = 0; i < available; i++) {
            DescriptorChain chain = queue.take();
            if (chain == null) {
                break;
            }
            long length = chain.readableBytes() - header;
            if (length < MIN_FRAME_BYTES || length > MAX_FRAME_BYTES) {
                link().mistakes().count(Mistakes.Kind.BAD_REQUEST);
            } else {
                byte[] frame = chain.read(link().memory(), header, (int) length);
                link().emit(new Output.FrameSent(link().index(), frame));
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

    /** The count of merged buffers is always there but in the legacy form without merging (virtio 1.2, 5.1.6.1). */
    private int headerBytes() {
        boolean full = link().negotiated(Feature.VERSION_1) || link().negotiated(F_MRG_RXBUF);
        return full ? HEADER_BYTES : LEGACY_HEADER_BYTES;
    }

    @Override
    public void reset() {
        pending.clear();
    }

    @Override
    public void queueReset(int queue) {
        if (queue == RECEIVE) {
            pending.clear();
        }
    }

    private VirtioLink link() {
        if (link == null) {
            throw new IllegalStateException(name + " has no transport");
        }
        return link;
    }

    @Override
    public void save(StateWriter writer) {
        writer.i32(pending.size());
        pending.forEach(writer::bytes);
    }

    @Override
    public void restore(StateReader reader) {
        pending.clear();
        int count = reader.i32();
        for (int i = 0; i < count; i++) {
            byte[] frame = reader.bytes(MAX_FRAME_BYTES);
            if (frame.length < MIN_FRAME_BYTES || count > PENDING_FRAMES) {
                throw new StateFormatException(
                        "waiting frames: expected=at most %d of %d bytes or more, actual=%d, one of %d"
                                .formatted(PENDING_FRAMES, MIN_FRAME_BYTES, count, frame.length));
            }
            pending.add(frame);
        }
    }
}
