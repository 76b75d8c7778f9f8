package hartbeat.devices.host.link;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A non-blocking stream socket with the framing of QEMU's {@code stream}. Used by one thread. */
public final class FramedChannel {
    private static final int BATCH_BYTES = 128 << 10;
    private static final int READS_PER_CALL = 8;

    private final ByteChannel channel;
    private final FrameReader reader;
    private ByteBuffer out = ByteBuffer.allocate(BATCH_BYTES).flip();
    private byte @Nullable [] ahead;

    /** Takes one whole payload. */
    @FunctionalInterface
    public interface Receiver {
        void receive(byte[] payload) throws LinkFormatException;
    }

    public FramedChannel(ByteChannel channel, int maxBytes) {
        this.channel = channel;
        reader = new FrameReader(maxBytes);
    }

    /** Changes the longest payload accepted. */
    public void maxBytes(int value) {
        reader.maxBytes(value);
    }

    /**
     * Reads what is there, within reason, and hands the payloads over.
     *
     * @return false at the end of the stream
     * @throws LinkFormatException if the peer breaks the framing or the receiver refuses a payload
     */
    public boolean read(Receiver receiver) throws IOException, LinkFormatException {
        for (int i = 0; i < READS_PER_CALL; i++) {
            int count = channel.read(reader.buffer());
            if (count < 0) {
                return false;
            }
            for (byte[] payload = reader.next(); payload != null; payload = reader.next()) {
                receiver.receive(payload);
            }
            if (count == 0) {
                break;
            }
        }
        return true;
    }

    /**
     * Writes payloads from {@code source} until it has none (null) or the socket is full.
     *
     * @return true if the socket is full: call again when it is writable
     */
    public boolean write(Supplier<byte @Nullable []> source) throws IOException {
        while (true) {
            if (!out.hasRemaining() && !refill(source)) {
                return false;
            }
            channel.write(out);
            if (out.hasRemaining()) {
                return true;
            }
        }
    }

    public void close() throws IOException {
        channel.close();
    }

    private boolean refill(Supplier<byte @Nullable []> source) {
        out.clear();
        byte[] payload = ahead != null ? ahead : source.get();
        ahead = null;
        while (payload != null) {
            if (out.remaining() < 4 + payload.length) {
                if (out.position() > 0) {
                    ahead = payload;
                    break;
                }
                out = ByteBuffer.allocate(4 + payload.length);
            }
            out.putInt(payload.length).put(payload);
            payload = source.get();
        }
        out.flip();
        return out.hasRemaining();
    }
}
