package hartbeat.devices.host.link;

import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Output;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/**
 * Learns a guest's IPv4 addresses from the frames that it sends, so that its place can be announced after a take-over without asking
 * it. A backup shows it the frames that it withholds.
 */
public final class GuestAddresses {
    private static final int ETHERTYPE_IPV4 = 0x0800;
    private static final int ETHERTYPE_ARP = 0x0806;
    private static final int ETHERTYPE_RARP = 0x8035;
    private static final int HEADER_BYTES = 14;
    private static final int ARP_BYTES = 28;
    private static final int MIN_FRAME_BYTES = 60;
    private static final int ARP_REQUEST = 1;
    private static final int RARP_REPLY_TO_ME = 3;

    private final Map<Integer, Integer> addressOf = new TreeMap<>();

    /** Looks at an output; only frames tell something. */
    public void observe(Emission emission) {
        if (emission.output() instanceof Output.FrameSent sent && sent.frame().length >= HEADER_BYTES + 20) {
            ByteBuffer frame = ByteBuffer.wrap(sent.frame());
            int address = switch (frame.getShort(12) & 0xffff) {
                case ETHERTYPE_IPV4 -> frame.getInt(HEADER_BYTES + 12);
                case ETHERTYPE_ARP ->
                    sent.frame().length >= HEADER_BYTES + ARP_BYTES ? frame.getInt(HEADER_BYTES + 14) : 0;
                default -> 0;
            };
            // 0.0.0.0 is sent by one who asks for an address (RFC 2131) or probes for its use (RFC 5227).
            if (address != 0) {
                addressOf.put(sent.device(), address);
            }
        }
    }

    /**
     * A broadcast that makes switches learn where {@code mac} is now: a gratuitous ARP request (RFC 5227, 3), or a RARP request (RFC
     * 903) while no address is known.
     *
     * @param mac in the low 48 bits
     */
    public byte[] announcement(int device, long mac) {
        int address = addressOf.getOrDefault(device, 0);
        boolean known = address != 0;
        ByteBuffer frame = ByteBuffer.allocate(MIN_FRAME_BYTES);
        mac(frame, -1);
        mac(frame, mac);
        frame.putShort((short) (known ? ETHERTYPE_ARP : ETHERTYPE_RARP));
        // Ethernet, IPv4, lengths of their addresses.
        frame.putShort((short) 1).putShort((short) ETHERTYPE_IPV4).put((byte) 6).put((byte) 4);
        frame.putShort((short) (known ? ARP_REQUEST : RARP_REPLY_TO_ME));
        mac(frame, mac);
        frame.putInt(address);
        mac(frame, known ? 0 : mac);
        frame.putInt(address);
        return frame.array();
    }

    private static void mac(ByteBuffer frame, long mac) {
        frame.putShort((short) (mac >>> 32)).putInt((int) mac);
    }
}
