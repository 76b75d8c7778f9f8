package hartbeat.ft.log;

import hartbeat.ft.run.DiskMode;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What a recording begins with.
 *
 * @param configurationDigest digest of the machine's configuration and boot images, 32 bytes
 * @param disk whether the log holds the data of disk reads
 * @param description the configuration itself in the form of whoever records, so that a replay needs nothing else; may be empty
 */
public record LogHeader(byte[] configurationDigest, DiskMode disk, byte[] description) {
    public static final int VERSION = 2;
    public static final int DIGEST_BYTES = 32;
    public static final int MAX_DESCRIPTION_BYTES = 1 << 20;

    /** Bytes before the body: magic, version, length and CRC32C of the body. */
    public static final int PREFIX_BYTES = 16;

    private static final int MAGIC = 0x48424c47;

    public LogHeader {
        if (configurationDigest.length != DIGEST_BYTES) {
            throw new LogFormatException("configuration digest: expected=%d bytes, actual=%d"
                    .formatted(DIGEST_BYTES, configurationDigest.length));
        }
    }

    public byte[] encode() {
        VarintWriter body = new VarintWriter();
        body.raw(configurationDigest, 0, DIGEST_BYTES).u8(disk.ordinal()).bytes(description);
        byte[] bytes = body.toBytes();
        return new VarintWriter()
                .i32(MAGIC)
                .i32(VERSION)
                .i32(bytes.length)
                .i32(Batch.crc(bytes, 0, bytes.length))
                .raw(bytes, 0, bytes.length)
                .toBytes();
    }

    /** Length of the body that the first 16 bytes announce. */
    public static int bodyLength(byte[] prefix) {
        if (prefix.length < PREFIX_BYTES) {
            throw new LogFormatException(
                    "log header: expected=%d bytes, actual=%d, hint: the file is no Hartbeat log or is empty"
                            .formatted(PREFIX_BYTES, prefix.length));
        }
        VarintReader in = new VarintReader(prefix);
        int magic = in.i32();
        if (magic != MAGIC) {
            throw new LogFormatException(
                    "log header: magic expected=%08x, actual=%08x, hint: the file is no Hartbeat log"
                            .formatted(MAGIC, magic));
        }
        int version = in.i32();
        if (version != VERSION) {
            throw new LogFormatException(
                    "log format: version expected=%d (this program), actual=%d (the log), hint: replay it with the version that recorded it"
                            .formatted(VERSION, version));
        }
        int length = in.i32();
        if (length < 0 || length > MAX_DESCRIPTION_BYTES + 64) {
            throw new LogFormatException(
                    "log header: length expected=0..%d, actual=%d".formatted(MAX_DESCRIPTION_BYTES + 64, length));
        }
        return length;
    }

    /** Reads prefix and body. */
    public static LogHeader decode(byte[] header) {
        int length = bodyLength(header);
        if (header.length != PREFIX_BYTES + length) {
            throw new LogFormatException(
                    "log header: expected=%d bytes, actual=%d".formatted(PREFIX_BYTES + length, header.length));
        }
        int expected = new VarintReader(header, 12, 4).i32();
        int actual = Batch.crc(header, PREFIX_BYTES, length);
        if (expected != actual) {
            throw new LogFormatException(
                    "log header: CRC32C expected=%08x, actual=%08x, hint: it was damaged".formatted(expected, actual));
        }
        byte[] digest = Arrays.copyOfRange(header, PREFIX_BYTES, Math.min(header.length, PREFIX_BYTES + DIGEST_BYTES));
        VarintReader in =
                new VarintReader(header, PREFIX_BYTES + digest.length, header.length - PREFIX_BYTES - digest.length);
        DiskMode mode = DiskMode.values()[in.number("disk mode", 0, DiskMode.values().length - 1)];
        byte[] description = in.bytes("description", MAX_DESCRIPTION_BYTES);
        in.end("log header");
        return new LogHeader(digest, mode, description);
    }

    /**
     * Refuses a machine that is not the one that the log is of.
     *
     * @param configurationDigest of the machine at hand
     */
    public void requireConfiguration(byte[] configurationDigest) {
        if (!Arrays.equals(this.configurationDigest, configurationDigest)) {
            throw new LogFormatException(
                    "machine configuration: expected=%s (the log's), actual=%s (this machine's), hint: same memory, devices, kernel, initrd and command line as in the recording"
                            .formatted(hex(this.configurationDigest), hex(configurationDigest)));
        }
    }

    private static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LogHeader that
                && Arrays.equals(configurationDigest, that.configurationDigest)
                && disk == that.disk
                && Arrays.equals(description, that.description);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(configurationDigest);
    }

    @Override
    public String toString() {
        return "LogHeader[configuration=%s, disk=%s, description=%d bytes]"
                .formatted(hex(configurationDigest), disk, description.length);
    }
}
