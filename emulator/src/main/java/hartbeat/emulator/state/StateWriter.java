package hartbeat.emulator.state;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Growing buffer that parts of the machine write their state to. */
public final class StateWriter {
    private ByteBuffer buffer = ByteBuffer.allocate(1024);

    public StateWriter u8(int value) {
        room(1).put((byte) value);
        return this;
    }

    public StateWriter flag(boolean value) {
        return u8(value ? 1 : 0);
    }

    public StateWriter i32(int value) {
        room(4).putInt(value);
        return this;
    }

    public StateWriter i64(long value) {
        room(8).putLong(value);
        return this;
    }

    /** Length, then the bytes. */
    public StateWriter bytes(byte[] value) {
        i32(value.length);
        room(value.length).put(value);
        return this;
    }

    /** All elements, without a length: both sides know it. */
    public StateWriter i32s(int[] values) {
        for (int value : values) {
            i32(value);
        }
        return this;
    }

    public void clear() {
        buffer.clear();
    }

    /** What was written so far, for a digest; valid until the next write. */
    public ByteBuffer view() {
        return buffer.duplicate().flip().asReadOnlyBuffer();
    }

    public byte[] toBytes() {
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private ByteBuffer room(int length) {
        if (buffer.remaining() < length) {
            int needed = Math.addExact(buffer.position(), length);
            ByteBuffer larger = ByteBuffer.allocate(Math.max(needed, 2 * buffer.capacity()));
            buffer = larger.put(buffer.flip());
        }
        return buffer;
    }
}
