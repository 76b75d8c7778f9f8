package hartbeat.fuzz.readers;

import hartbeat.ft.channel.Secret;
import hartbeat.ft.channel.Side;
import hartbeat.ft.detector.Heartbeat;
import hartbeat.ft.detector.HeartbeatCodec;
import hartbeat.fuzz.Target;
import java.util.Arrays;
import java.util.List;

/** Datagrams, with and without the proof that only the peer can make. */
public final class HeartbeatTarget implements Target {
    private static final Secret SECRET = new Secret(new byte[32]);
    private static final byte[] SESSION = new byte[16];
    private static final int MAC_BYTES = 16;

    private final HeartbeatCodec codec = new HeartbeatCodec(SECRET, SESSION);

    @Override
    public String name() {
        return "heartbeat";
    }

    @Override
    public String about() {
        return "datagrams between primary and backup";
    }

    @Override
    public void test(byte[] input) {
        Bytes in = new Bytes(input);
        boolean proved = (in.u8() & 1) == 1;
        byte[] body = in.rest();
        byte[] datagram = proved
                ? Bytes.joined(body, Arrays.copyOf(SECRET.mac("hartbeat-datagram", SESSION, body), MAC_BYTES))
                : body;
        codec.decode(datagram, datagram.length);
    }

    @Override
    public List<byte[]> seeds() {
        byte[] datagram = codec.encode(new Heartbeat(Side.PRIMARY, 3, 1_000_000, 2_000_000));
        return List.of(
                Bytes.joined(Bytes.of(0), datagram),
                Bytes.joined(Bytes.of(1), Arrays.copyOf(datagram, datagram.length - MAC_BYTES)));
    }
}
