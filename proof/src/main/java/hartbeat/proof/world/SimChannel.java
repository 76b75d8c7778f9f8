package hartbeat.proof.world;

import hartbeat.ft.channel.Channel;
import hartbeat.ft.channel.FrameDecoder;
import hartbeat.ft.channel.Message;
import hartbeat.ft.channel.MessageCodec;
import hartbeat.ft.channel.Side;
import hartbeat.ft.log.LogFormatException;
import hartbeat.proof.fault.Seeded;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The TCP connection of a pair: every message goes through the product's codec. */
public final class SimChannel {
    /** The end of a stream. */
    private static final byte[] FIN = {};

    private final LongSupplier now;
    private final End primary;
    private final End backup;

    /** @param proved whether both sides have proved themselves already */
    SimChannel(LongSupplier now, Seeded random, long latencyNanos, long capacityBytes, boolean proved) {
        this.now = now;
        primary = new End(Side.PRIMARY, new Pipe<>(random, latencyNanos, latencyNanos, capacityBytes));
        backup = new End(Side.BACKUP, new Pipe<>(random, latencyNanos, latencyNanos, capacityBytes));
        if (proved) {
            primary.decoder.trust();
            backup.decoder.trust();
        }
    }

    /** An end as its role sees it. */
    public Channel end(Side side) {
        return of(side);
    }

    private End of(Side side) {
        return side == Side.PRIMARY ? primary : backup;
    }

    /** When the next message arrives at that side. */
    long nextNanos(Side side) {
        return of(side).closed == null ? of(side).in.nextNanos() : Pipe.NEVER;
    }

    /** The way from {@code from} to the other. */
    Pipe<byte[]> from(Side from) {
        return of(from.other()).in;
    }

    /** The kernel of a dead process closes its socket: what was sent still arrives. */
    void die(Side side) {
        End end = of(side);
        if (end.closed == null) {
            end.closed = "process is gone";
            end.in.clear();
            from(side).put(FIN, 0, now.getAsLong());
        }
    }

    /** The host is gone: nothing that was on its way arrives, and nobody is told. */
    void vanish(Side side) {
        End end = of(side);
        end.closed = "host is gone";
        end.in.clear();
        from(side).clear();
    }

    /** Nobody listens there. */
    void refuse() {
        backup.closed = "connection refused";
    }

    /** Both ends learn that the connection was reset; what was on its way is lost. */
    void reset() {
        for (Side side : Side.values()) {
            End end = of(side);
            end.in.clear();
            if (end.closed == null) {
                end.in.put(FIN, 0, now.getAsLong());
            }
        }
    }

    private final class End implements Channel {
        private final Side side;
        private final Pipe<byte[]> in;
        private final FrameDecoder decoder = new FrameDecoder();
        private @Nullable String closed;

        End(Side side, Pipe<byte[]> in) {
            this.side = side;
            this.in = in;
        }

        @Override
        public boolean send(Message message) {
            byte[] frame = MessageCodec.encode(message);
            if (closed != null || of(side.other()).closed != null) {
                return true;
            }
            Pipe<byte[]> out = from(side);
            if (!out.hasRoom(frame.length)) {
                return false;
            }
            out.put(frame, frame.length, now.getAsLong());
            return true;
        }

        @Override
        public @Nullable Message receive() {
            byte[] frame = closed == null ? in.peek(now.getAsLong()) : null;
            if (frame == null || frame.length == 0) {
                return null;
            }
            in.poll(now.getAsLong());
            try {
                decoder.feed(frame, 0, frame.length);
                return decoder.next();
            } catch (LogFormatException e) {
                close(e.reason());
                return null;
            }
        }

        @Override
        public @Nullable String closed() {
            if (closed == null) {
                byte[] head = in.peek(now.getAsLong());
                if (head != null && head.length == 0) {
                    closed = "peer closed the connection";
                    in.clear();
                }
            }
            return closed;
        }

        @Override
        public void trust() {
            decoder.trust();
        }

        @Override
        public void close(String why) {
            if (closed == null) {
                closed = why;
                in.clear();
                from(side).put(FIN, 0, now.getAsLong());
            }
        }
    }
}
