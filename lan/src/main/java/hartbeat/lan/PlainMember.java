package hartbeat.lan;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A foreign member of the LAN: QEMU, passt, a tap. It speaks plain Ethernet frames. */
final class PlainMember implements Member, LanPort {
    private static final int QUEUE_BYTES = 1 << 20;
    private static final int OVERHEAD_BYTES = 64;

    private final Lan lan;
    private final Predicate<byte[]> wanted;
    private final Queue<byte[]> frames = new ArrayDeque<>();
    private long queuedBytes;
    private long lost;

    /** @param wanted which frames the member is given at all */
    PlainMember(Lan lan, Predicate<byte[]> wanted) {
        this.lan = lan;
        this.wanted = wanted;
        lan.attach(this);
    }

    @Override
    public void receive(byte[] payload, long nowNanos) {
        lan.receive(this, payload, nowNanos);
    }

    @Override
    public void deliver(byte[] frame) {
        if (!wanted.test(frame)) {
            return;
        }
        if (queuedBytes >= QUEUE_BYTES) {
            lost++;
            return;
        }
        frames.add(frame);
        queuedBytes += frame.length + OVERHEAD_BYTES;
    }

    @Override
    public byte @Nullable [] next() {
        byte[] frame = frames.poll();
        if (frame != null) {
            queuedBytes -= frame.length + OVERHEAD_BYTES;
        }
        return frame;
    }

    @Override
    public void leave(long nowNanos) {
        lan.detach(this);
        frames.clear();
    }

    /** Frames that the member was too slow for. */
    long lost() {
        return lost;
    }
}
