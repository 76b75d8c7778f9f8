package hartbeat.emulator.state;

import java.nio.ByteBuffer;

/** Reads what a {@link StateWriter} wrote; every read is checked, as a snapshot may come from a file or a peer. */
public final class StateReader {
    private final ByteBuffer buffer;

    public StateReader(byte[] bytes) {
        this.buffer = ByteBuffer.wrap(bytes);
    }

    public int u8() {
        return need(1, "u8").get() & 0xff;
    }

    public boolean flag() {
        int value = u8();
        if (value > 1) {
            throw new StateFormatException(
                    "flag: expected=0 or 1, actual=%d, offset=%d".formatted(value, buffer.position() - 1));
        }
        return value == 1;
    }

    public int i32() {
        return need(4, "i32").getInt();
    }

    public long i64() {
        return need(8, "i64").getLong();
    }

    /** @param maxLength longest length that is believed, before anything is allocated */
    public byte[] bytes(int maxLength) {
        int length = i32();
        if (length < 0 || length > maxLength) {
            throw new StateFormatException("length of bytes: expected=0..%d, actual=%d, offset=%d"
                    .formatted(maxLength, length, buffer.position() - 4));
        }
        ByteBuffer held = need(length, "bytes");
        byte[] value = new byte[length];
        held.get(value);
        return value;
    }

    public void i32s(int[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = i32();
        }
    }

    /** Checks that everything was read. */
    public void end() {
        if (buffer.hasRemaining()) {
            throw new StateFormatException(
                    "end of state: expected=0 bytes left, actual=%d".formatted(buffer.remaining()));
        }
    }

    private ByteBuffer need(int length, String what) {
        if (buffer.remaining() < length) {
            throw new StateFormatException("%s: expected=%d bytes, actual=%d left, offset=%d"
                    .formatted(what, length, buffer.remaining(), buffer.position()));
        }
        return buffer;
    }
}
