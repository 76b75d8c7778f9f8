package hartbeat.ft.log;

import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/** Entries that travel and are checked together: length, CRC32C of the body, body. A batch can be read without the one before. */
public final class Batch {
    /** Bytes before the body. */
    public static final int PREFIX_BYTES = 8;

    /** Longest body that is believed; a single entry with all its data fits. */
    public static final int MAX_BODY_BYTES = LogEntry.MAX_DATA_BYTES + (1 << 20);

    /** Entries in one batch at most. */
    public static final int MAX_ENTRIES = 1 << 20;

    /** Shortest entry: kind and icount. */
    private static final int LEAST_ENTRY_BYTES = 2;

    private Batch() {}

    static byte[] seal(long firstPosition, int count, long firstIcount, VarintWriter entries) {
        VarintWriter head = new VarintWriter();
        head.varint(firstPosition).varint(count).varint(firstIcount);
        byte[] body = new VarintWriter()
                .raw(head.toBytes(), 0, head.length())
                .raw(entries.toBytes(), 0, entries.length())
                .toBytes();
        return new VarintWriter()
                .i32(body.length)
                .i32(crc(body, 0, body.length))
                .raw(body, 0, body.length)
                .toBytes();
    }

    /**
     * Length of the body that a prefix announces.
     *
     * @throws LogFormatException if it is beyond the limit
     */
    public static int bodyLength(byte[] prefix) {
        int length = new VarintReader(prefix).i32();
        if (length < 0 || length > MAX_BODY_BYTES) {
            throw new LogFormatException(
                    "log batch: length expected=0..%d bytes, actual=%d".formatted(MAX_BODY_BYTES, length));
        }
        return length;
    }

    /**
     * Opens a whole batch.
     *
     * @param expectedPosition where it must begin
     * @param previousIcount icount of the entry before it
     * @throws LogFormatException if anything about it is wrong
     */
    public static List<LogEntry> open(byte[] batch, long expectedPosition, long previousIcount) {
        VarintReader in = new VarintReader(batch);
        int length = batch.length < PREFIX_BYTES ? -1 : in.i32();
        if (length < 0 || length != batch.length - PREFIX_BYTES) {
            throw new LogFormatException("log batch at position %d: length expected=%d, actual=%d"
                    .formatted(expectedPosition, batch.length - PREFIX_BYTES, length));
        }
        int crc = in.i32();
        int actual = crc(batch, PREFIX_BYTES, length);
        if (crc != actual) {
            throw new LogFormatException(
                    "log batch at position %d: CRC32C expected=%08x, actual=%08x, hint: it was damaged"
                            .formatted(expectedPosition, crc, actual));
        }
        return entries(in, expectedPosition, previousIcount);
    }

    private static List<LogEntry> entries(VarintReader in, long expectedPosition, long previousIcount) {
        long position = in.varint();
        int count = in.number("entries in a batch", 1, Math.min(MAX_ENTRIES, in.remaining() / LEAST_ENTRY_BYTES + 1));
        EntryCodec codec = new EntryCodec();
        codec.begin(in.varint());
        if (position != expectedPosition) {
            throw new LogFormatException(
                    "log batch: first position expected=%d, actual=%d".formatted(expectedPosition, position));
        }
        List<LogEntry> entries = new ArrayList<>(count);
        long icount = previousIcount;
        for (int i = 0; i < count; i++) {
            LogEntry entry = codec.read(in, position + i);
            LogEntry.check(entry, position + i, icount);
            icount = entry.icount();
            entries.add(entry);
        }
        in.end("log batch at position " + position);
        return entries;
    }

    static int crc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }
}
