package hartbeat.ft.detector;

import hartbeat.ft.channel.Secret;
import hartbeat.ft.channel.Side;
import hartbeat.ft.log.LogFormatException;
import hartbeat.ft.log.VarintReader;
import hartbeat.ft.log.VarintWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Heartbeats as datagrams: magic, session, content, and 16 bytes of HMAC-SHA-256 with the pair's secret. */
public final class HeartbeatCodec {
    private static final int MAGIC = 0x48424554;
    private static final int MAC_BYTES = 16;

    /** Longest datagram. */
    public static final int MAX_BYTES = 128;

    private final Secret secret;
    private final byte[] session;

    /** @param session 16 bytes that both sides know and that no earlier pair used, so that old datagrams prove nothing */
    public HeartbeatCodec(Secret secret, byte[] session) {
        this.secret = secret;
        this.session = session.clone();
    }

    public byte[] encode(Heartbeat heartbeat) {
        VarintWriter out = new VarintWriter();
        out.i32(MAGIC)
                .u8(heartbeat.from().ordinal())
                .varint(heartbeat.generation())
                .varint(heartbeat.sentNanos())
                .varint(heartbeat.echoNanos());
        byte[] body = out.toBytes();
        return out.raw(mac(body), 0, MAC_BYTES).toBytes();
    }

    /** Null for whatever is not from the peer. */
    public @Nullable Heartbeat decode(byte[] datagram, int length) {
        if (length <= MAC_BYTES || length > MAX_BYTES) {
            return null;
        }
        byte[] body = Arrays.copyOf(datagram, length - MAC_BYTES);
        byte[] mac = Arrays.copyOfRange(datagram, length - MAC_BYTES, length);
        if (!Secret.same(mac, Arrays.copyOf(mac(body), MAC_BYTES))) {
            return null;
        }
        try {
            VarintReader in = new VarintReader(body);
            if (in.i32() != MAGIC) {
                return null;
            }
            Side side = Side.values()[in.number("side", 0, 1)];
            Heartbeat heartbeat = new Heartbeat(side, in.varint(), in.varint(), in.varint());
            in.end("heartbeat");
            return heartbeat;
        } catch (LogFormatException e) {
            return null;
        }
    }

    private byte[] mac(byte[] body) {
        return secret.mac("hartbeat-datagram", session, body);
    }
}
