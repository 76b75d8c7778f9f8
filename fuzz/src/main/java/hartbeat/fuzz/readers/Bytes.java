package hartbeat.fuzz.readers;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Takes an input apart, and puts right what an attacker would put right. */
final class Bytes {
    private final ByteBuffer in;

    Bytes(byte[] input) {
        in = ByteBuffer.wrap(input);
    }

    boolean isEmpty() {
        return !in.hasRemaining();
    }

    /** 0 at the end. */
    int u8() {
        return in.hasRemaining() ? in.get() & 0xff : 0;
    }

    int u16() {
        return u8() << 8 | u8();
    }

    int i32() {
        return u16() << 16 | u16();
    }

    /** As many bytes as there are, at most {@code length}. */
    byte[] take(int length) {
        byte[] bytes = new byte[Math.min(length, in.remaining())];
        in.get(bytes);
        return bytes;
    }

    byte[] rest() {
        return take(in.remaining());
    }

    /** Length, CRC32C, body: how batches and messages are framed. */
    static byte[] sealed(byte[] body) {
        return ByteBuffer.allocate(8 + body.length)
                .putInt(body.length)
                .putInt(crc(body))
                .put(body)
                .array();
    }

    static int crc(byte[] body) {
        CRC32C crc = new CRC32C();
        crc.update(body);
        return (int) crc.getValue();
    }

    static byte[] joined(byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        ByteBuffer all = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    static byte[] of(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    /** Length in two bytes, then the bytes: how a target finds the parts of its input. */
    static byte[] part(byte[] bytes) {
        return joined(of(bytes.length >>> 8, bytes.length), bytes);
    }
}
