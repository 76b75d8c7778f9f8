package hartbeat.ft.channel;

import hartbeat.ft.log.Batch;
import hartbeat.ft.log.LogFormatException;
import hartbeat.ft.log.LogHeader;
import hartbeat.ft.log.VarintReader;
import hartbeat.ft.log.VarintWriter;
import hartbeat.ft.run.DiskMode;
import java.util.zip.CRC32C;

/** Messages as frames: length and CRC32C of what follows, kind, content. */
public final class MessageCodec {
    /** Protocol version; raised with every change that the other side must know of. */
    public static final int VERSION = 2;

    public static final int NONCE_BYTES = 16;
    public static final int MAC_BYTES = 32;
    public static final int MACHINE_ID_BYTES = 16;
    public static final int CHUNK_BYTES = 1 << 18;

    /** Bytes before the kind. */
    public static final int PREFIX_BYTES = 8;

    /** Longest frame that is believed. */
    public static final int MAX_FRAME_BYTES = Batch.MAX_BODY_BYTES + Batch.PREFIX_BYTES + 64;

    /** Longest frame that is believed from a peer that has not proved itself. */
    public static final int MAX_STRANGER_BYTES = 8192;

    private static final int MAX_TEXT_BYTES = 4096;
    private static final int MAX_NAME_BYTES = 256;

    private static final int HELLO = 1;
    private static final int PROOF = 2;
    private static final int REFUSED = 3;
    private static final int CONFIGURATION = 4;
    private static final int BLOB_BEGIN = 5;
    private static final int BLOB_CHUNK = 6;
    private static final int BLOBS_END = 7;
    private static final int READY = 8;
    private static final int LOG_BATCH = 9;
    private static final int ACK = 10;
    private static final int RELEASED = 11;
    private static final int ALIVE = 12;
    private static final int DIVERGED = 13;
    private static final int GOODBYE = 14;

    private MessageCodec() {}

    /** A whole frame. */
    public static byte[] encode(Message message) {
        VarintWriter out = new VarintWriter();
        write(out, message);
        byte[] body = out.toBytes();
        return new VarintWriter()
                .i32(body.length)
                .i32(crc(body, 0, body.length))
                .raw(body, 0, body.length)
                .toBytes();
    }

    private static void write(VarintWriter out, Message message) {
        switch (message) {
            case Message.Hello hello ->
                out.u8(HELLO)
                        .varint(hello.version())
                        .u8(hello.side().ordinal())
                        .bytes(hello.nonce())
                        .text(shortened(hello.name(), MAX_NAME_BYTES));
            case Message.Proof proof -> out.u8(PROOF).bytes(proof.hmac());
            case Message.Refused refused -> out.u8(REFUSED).text(shortened(refused.reason(), MAX_TEXT_BYTES));
            case Message.Configuration machine ->
                out.u8(CONFIGURATION)
                        .varint(machine.generation())
                        .bytes(machine.machineId())
                        .bytes(machine.digest())
                        .u8(machine.disk().ordinal())
                        .bytes(machine.description());
            case Message.BlobBegin blob -> out.u8(BLOB_BEGIN).text(blob.name()).varint(blob.bytes());
            case Message.BlobChunk chunk -> out.u8(BLOB_CHUNK).bytes(chunk.bytes());
            case Message.BlobsEnd _ -> out.u8(BLOBS_END);
            case Message.Ready ready -> out.u8(READY).bytes(ready.digest());
            case Message.LogBatch log ->
                out.u8(LOG_BATCH).varint(log.sentNanos()).bytes(log.batch());
            case Message.Ack ack ->
                out.u8(ACK)
                        .varint(ack.received())
                        .varint(ack.executed())
                        .varint(ack.icount())
                        .varint(ack.digests())
                        .varint(ack.echoNanos());
            case Message.Released released -> out.u8(RELEASED).varint(released.number());
            case Message.Alive alive ->
                out.u8(ALIVE)
                        .varint(alive.generation())
                        .varint(alive.sentNanos())
                        .varint(alive.echoNanos());
            case Message.Diverged diverged -> out.u8(DIVERGED).text(shortened(diverged.what(), MAX_TEXT_BYTES));
            case Message.Goodbye goodbye ->
                out.u8(GOODBYE).u8(goodbye.guestOff() ? 1 : 0).text(shortened(goodbye.reason(), MAX_TEXT_BYTES));
        }
    }

    /**
     * Length of the body that a frame's first bytes announce.
     *
     * @throws LogFormatException if it is beyond {@code most}
     */
    static int bodyLength(VarintReader prefix, int most) {
        int length = prefix.i32();
        if (length < 1 || length > most) {
            throw new LogFormatException(
                    "message: length expected=1..%d bytes, actual=%d, hint: the peer is no Hartbeat, or the wrong port"
                            .formatted(most, Integer.toUnsignedLong(length)));
        }
        return length;
    }

    /** A message from a frame's body, whose checksum was compared. */
    static Message decode(byte[] bytes, int offset, int length) {
        VarintReader in = new VarintReader(bytes, offset, length);
        Message message = read(in, in.u8());
        in.end("message");
        return message;
    }

    private static Message read(VarintReader in, int kind) {
        return switch (kind) {
            case HELLO ->
                new Message.Hello(
                        in.number("protocol version", 0, Integer.MAX_VALUE),
                        Side.values()[in.number("side", 0, 1)],
                        exactly(in, "nonce", NONCE_BYTES),
                        in.text("name", MAX_NAME_BYTES));
            case PROOF -> new Message.Proof(exactly(in, "proof", MAC_BYTES));
            case REFUSED -> new Message.Refused(in.text("reason", MAX_TEXT_BYTES));
            case CONFIGURATION ->
                new Message.Configuration(
                        in.varint(),
                        exactly(in, "machine id", MACHINE_ID_BYTES),
                        exactly(in, "configuration digest", LogHeader.DIGEST_BYTES),
                        DiskMode.values()[in.number("disk mode", 0, DiskMode.values().length - 1)],
                        in.bytes("configuration", LogHeader.MAX_DESCRIPTION_BYTES));
            case BLOB_BEGIN -> new Message.BlobBegin(in.text("name", MAX_NAME_BYTES), in.varint());
            case BLOB_CHUNK -> new Message.BlobChunk(in.bytes("chunk", CHUNK_BYTES));
            case BLOBS_END -> new Message.BlobsEnd();
            case READY -> new Message.Ready(exactly(in, "configuration digest", LogHeader.DIGEST_BYTES));
            case LOG_BATCH ->
                new Message.LogBatch(in.varint(), in.bytes("batch", Batch.MAX_BODY_BYTES + Batch.PREFIX_BYTES));
            case ACK -> new Message.Ack(in.varint(), in.varint(), in.varint(), in.varint(), in.varint());
            case RELEASED -> new Message.Released(in.varint());
            case ALIVE -> new Message.Alive(in.varint(), in.varint(), in.varint());
            case DIVERGED -> new Message.Diverged(in.text("divergence", MAX_TEXT_BYTES));
            case GOODBYE -> new Message.Goodbye(in.number("flag", 0, 1) == 1, in.text("reason", MAX_TEXT_BYTES));
            default -> throw new LogFormatException("message: kind expected=1..%d, actual=%d".formatted(GOODBYE, kind));
        };
    }

    private static byte[] exactly(VarintReader in, String what, int length) {
        byte[] bytes = in.bytes(what, length);
        if (bytes.length != length) {
            throw new LogFormatException("%s: expected=%d bytes, actual=%d".formatted(what, length, bytes.length));
        }
        return bytes;
    }

    /** ASCII of our own messages: a character is a byte. */
    private static String shortened(String text, int most) {
        String ascii = text.replaceAll("[^\\x20-\\x7e]", "?");
        return ascii.length() <= most ? ascii : ascii.substring(0, most);
    }

    static int crc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }
}
