package hartbeat.devices.host.link;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Cuts a byte stream into payloads (4-byte big-endian length, then the payload). Holds at most one payload and one read. */
public final class FrameReader {
    private static final int FIRST_BYTES = 16 << 10;
    private static final int HEADER_BYTES = 4;

    private ByteBuffer buffer = ByteBuffer.allocate(FIRST_BYTES);
    private int maxBytes;

    /** @param maxBytes longest payload that is accepted */
    public FrameReader(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Changes the limit, once the peer is known. */
    public void maxBytes(int value) {
        maxBytes = value;
    }

    /** Where to put the next bytes of the stream; it always has room after {@link #next} has returned null. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /**
     * The next whole payload, or null if more bytes are needed.
     *
     * @throws LinkFormatException if a length is beyond the limit; nothing was allocated for it
     */
    public byte @Nullable [] next() throws LinkFormatException {
        if (buffer.position() < HEADER_BYTES) {
            return null;
        }
        int length = buffer.getInt(0);
        if (length <= 0 || length > maxBytes) {
            throw new LinkFormatException(
                    "frame length: expected=1 to " + maxBytes + ", actual=" + Integer.toUnsignedString(length));
        }
        if (buffer.position() - HEADER_BYTES < length) {
            makeRoom(HEADER_BYTES + length);
            return null;
        }
        byte[] payload = new byte[length];
        buffer.get(HEADER_BYTES, payload);
        int end = buffer.position();
        buffer.position(HEADER_BYTES + length).limit(end).compact();
        return payload;
    }

    private void makeRoom(int needed) {
        if (buffer.capacity() < needed) {
            buffer = ByteBuffer.allocate(needed).put(buffer.flip());
        }
    }
}
