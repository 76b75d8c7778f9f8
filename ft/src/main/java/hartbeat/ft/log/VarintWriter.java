package hartbeat.ft.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Growing buffer of variable-length numbers (7 bits a byte, least significant first) and byte strings. */
public final class VarintWriter {
    private byte[] bytes = new byte[256];
    private int length;

    public int length() {
        return length;
    }

    public void clear() {
        length = 0;
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    public VarintWriter u8(int value) {
        room(1);
        bytes[length++] = (byte) value;
        return this;
    }

    /** Fixed four bytes, big-endian. */
    public VarintWriter i32(int value) {
        return u8(value >> 24).u8(value >> 16).u8(value >> 8).u8(value);
    }

    /** Fixed eight bytes, big-endian. */
    public VarintWriter i64(long value) {
        return i32((int) (value >> 32)).i32((int) value);
    }

    /** 1 to 10 bytes; the value counts as unsigned. */
    public VarintWriter varint(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
        return this;
    }

    /** Short for small values of either sign. */
    public VarintWriter signed(long value) {
        return varint(value << 1 ^ value >> 63);
    }

    /** Length, then the bytes. */
    public VarintWriter bytes(byte[] value) {
        varint(value.length);
        return raw(value, 0, value.length);
    }

    public VarintWriter raw(byte[] value, int offset, int count) {
        room(count);
        System.arraycopy(value, offset, bytes, length, count);
        length += count;
        return this;
    }

    public VarintWriter text(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    private void room(int count) {
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, Math.addExact(length, count)));
        }
    }
}
