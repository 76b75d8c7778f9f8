package hartbeat.ft.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads what a {@link VarintWriter} wrote, from bytes that nobody vouches for. */
public final class VarintReader {
    private final byte[] bytes;
    private final int end;
    private int at;

    public VarintReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    public VarintReader(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.at = offset;
        this.end = offset + length;
    }

    public int remaining() {
        return end - at;
    }

    public int u8() {
        if (at >= end) {
            throw new LogFormatException("data ends: expected=1 more byte, actual=0, offset=%d".formatted(at));
        }
        return bytes[at++] & 0xff;
    }

    public int i32() {
        return u8() << 24 | u8() << 16 | u8() << 8 | u8();
    }

    public long i64() {
        return (long) i32() << 32 | i32() & 0xffff_ffffL;
    }

    public long varint() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            int next = u8();
            if (shift == 63 && next > 1) {
                break;
            }
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new LogFormatException("number: expected=at most 64 bits, offset=%d".formatted(at));
    }

    public long signed() {
        long value = varint();
        return value >>> 1 ^ -(value & 1);
    }

    /** A number that is checked against its range before it is used. */
    public int number(String what, int least, int most) {
        long value = varint();
        if (value < least || value > most) {
            throw new LogFormatException(
                    "%s: expected=%d..%d, actual=%d, offset=%d".formatted(what, least, most, value, at));
        }
        return (int) value;
    }

    /** @param most longest length that is believed, before anything is allocated */
    public byte[] bytes(String what, int most) {
        int length = number("length of " + what, 0, most);
        if (length > remaining()) {
            throw new LogFormatException(
                    "%s: expected=%d bytes, actual=%d left, offset=%d".formatted(what, length, remaining(), at));
        }
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
    }

    public String text(String what, int mostBytes) {
        return new String(bytes(what, mostBytes), StandardCharsets.UTF_8);
    }

    /** Checks that everything was read. */
    public void end(String what) {
        if (remaining() != 0) {
            throw new LogFormatException("%s: expected=0 bytes left, actual=%d".formatted(what, remaining()));
        }
    }
}
