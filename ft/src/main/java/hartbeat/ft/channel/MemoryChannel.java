package hartbeat.ft.channel;

import hartbeat.ft.log.LogFormatException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A channel within one thread on simulated time: bytes arrive in order after a delay, the buffer is bounded, and the line can be
 * cut (silently, one way or both) or closed. Messages go through the real codec.
 */
public final class MemoryChannel {
    private final End primary = new End(Side.PRIMARY);
    private final End backup = new End(Side.BACKUP);
    private final long delayNanos;
    private final long capacityBytes;
    private long nowNanos;

    private record Flying(long arrivesNanos, byte[] frame) {}

    public MemoryChannel(long delayNanos, long capacityBytes) {
        this.delayNanos = delayNanos;
        this.capacityBytes = capacityBytes;
    }

    public Channel end(Side side) {
        return side == Side.PRIMARY ? primary : backup;
    }

    /** Time goes on. */
    public void now(long nanos) {
        nowNanos = nanos;
    }

    /** From now on nothing from {@code from} arrives, and it does not learn of it. */
    public void cut(Side from) {
        End receiver = (End) end(from.other());
        receiver.cut = true;
    }

    /** As when the kernel of a dead process closes its sockets: what was sent still arrives. */
    public void die(Side who) {
        End receiver = (End) end(who.other());
        receiver.close = "peer closed the connection";
        receiver.closesNanos = nowNanos + delayNanos;
    }

    /** When the next message arrives at that side; {@link Long#MAX_VALUE} if none is on its way. */
    public long nextArrivalNanos(Side side) {
        End end = (End) end(side);
        Flying head = end.arriving.peek();
        long closes = end.close == null ? Long.MAX_VALUE : end.closesNanos;
        return head == null ? closes : Math.min(closes, head.arrivesNanos());
    }

    private final class End implements Channel {
        private final Side side;
        private final Deque<Flying> arriving = new ArrayDeque<>();
        private final FrameDecoder decoder = new FrameDecoder();
        private long arrivingBytes;
        private boolean cut;
        private @Nullable String close;
        private long closesNanos;

        End(Side side) {
            this.side = side;
        }

        @Override
        public boolean send(Message message) {
            End peer = (End) end(side.other());
            byte[] frame = MessageCodec.encode(message);
            if (close != null || peer.close != null) {
                return true;
            }
            if (peer.arrivingBytes + frame.length > capacityBytes && peer.arrivingBytes > 0) {
                return false;
            }
            if (!peer.cut) {
                peer.arriving.add(new Flying(nowNanos + delayNanos, frame));
                peer.arrivingBytes += frame.length;
            }
            return true;
        }

        @Override
        public @Nullable Message receive() {
            Flying head = arriving.peek();
            if (head == null || head.arrivesNanos() > nowNanos) {
                return null;
            }
            arriving.remove();
            arrivingBytes -= head.frame().length;
            try {
                decoder.feed(head.frame(), 0, head.frame().length);
                return decoder.next();
            } catch (LogFormatException e) {
                close(e.reason());
                return null;
            }
        }

        @Override
        public @Nullable String closed() {
            boolean drained = arriving.isEmpty() && nowNanos >= closesNanos;
            return drained ? close : null;
        }

        @Override
        public void trust() {
            decoder.trust();
        }

        @Override
        public void close(String why) {
            if (close == null) {
                close = why;
                closesNanos = nowNanos;
                arriving.clear();
                arrivingBytes = 0;
            }
            End peer = (End) end(side.other());
            if (peer.close == null && !peer.cut) {
                peer.close = "peer closed the connection";
                peer.closesNanos = nowNanos + delayNanos;
            }
        }
    }
}
