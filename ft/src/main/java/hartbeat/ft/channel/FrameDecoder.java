package hartbeat.ft.channel;

import hartbeat.ft.log.LogFormatException;
import hartbeat.ft.log.VarintReader;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Cuts a stream of bytes into messages; allocates no more than a checked length asks for. */
public final class FrameDecoder {
    private static final int FIRST_BYTES = 1 << 16;

    private byte[] buffer = new byte[FIRST_BYTES];
    private int start;
    private int end;
    private int most = MessageCodec.MAX_STRANGER_BYTES;

    /** The peer has proved itself: long messages are believed from now on. */
    public void trust() {
        most = MessageCodec.MAX_FRAME_BYTES;
    }

    public void feed(byte[] bytes, int offset, int length) {
        if (buffer.length - end < length) {
            makeRoom(length);
        }
        System.arraycopy(bytes, offset, buffer, end, length);
        end += length;
    }

    private void makeRoom(int length) {
        int held = end - start;
        byte[] target = buffer.length >= held + length ? buffer : new byte[Math.max(2 * buffer.length, held + length)];
        System.arraycopy(buffer, start, target, 0, held);
        buffer = target;
        start = 0;
        end = held;
    }

    /** Bytes fed and not yet part of a message given out. */
    public int held() {
        return end - start;
    }

    /**
     * The next whole message, or null.
     *
     * @throws LogFormatException if the stream is damaged; nothing more can be read from it
     */
    public @Nullable Message next() {
        if (held() < MessageCodec.PREFIX_BYTES) {
            return null;
        }
        VarintReader prefix = new VarintReader(buffer, start, MessageCodec.PREFIX_BYTES);
        int length = MessageCodec.bodyLength(prefix, most);
        int expected = prefix.i32();
        int body = start + MessageCodec.PREFIX_BYTES;
        if (end - body < length) {
            return null;
        }
        int actual = MessageCodec.crc(buffer, body, length);
        if (actual != expected) {
            throw new LogFormatException("message: CRC32C expected=%08x, actual=%08x".formatted(expected, actual));
        }
        Message message = MessageCodec.decode(buffer, body, length);
        start = body + length;
        if (start == end) {
            start = 0;
            end = 0;
            if (buffer.length > 16 * FIRST_BYTES) {
                buffer = Arrays.copyOf(buffer, FIRST_BYTES);
            }
        }
        return message;
    }
}
