package hartbeat.tools.compose;

import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.InputSink;
import hartbeat.emulator.io.Output;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The other host on a guest's cable, as much of one as a test needs: answers ARP (RFC 826) and ping (RFC 792), and serves one page over
 * TCP (RFC 9293) to whoever asks, on any port, on a cable that loses nothing.
 */
final class Neighbour implements OutsidePort {
    /** What the page holds, after its headers. */
    static final String PAGE = "a page of the neighbour's\n";

    /** Kinds of frames that were answered. */
    enum Kind {
        ARP,
        ICMP,
        TCP
    }

    private static final byte[] MAC = {0x02, 0, 0, 0, 0, 1};
    private static final int ETHERNET = 14;
    private static final int IP_SOURCE = ETHERNET + 12;
    private static final int L4 = ETHERNET + 20;
    private static final int TCP_HEADER = 20;
    private static final int FIRST_SEQUENCE = 1000;
    private static final int FIN = 1;
    private static final int SYN = 2;
    private static final int PUSH = 8;
    private static final int ACK = 16;

    private final int device;
    private final InputSink sink;
    private final Map<Kind, Integer> answered = new EnumMap<>(Kind.class);

    Neighbour(int device, InputSink sink) {
        this.device = device;
        this.sink = sink;
    }

    int answered(Kind kind) {
        return answered.getOrDefault(kind, 0);
    }

    @Override
    public boolean canSend() {
        return true;
    }

    @Override
    public void send(long generation, Emission emission) {
        if (emission.output() instanceof Output.FrameSent sent) {
            byte[] answer = answer(sent.frame());
            if (answer != null && !sink.offer(new Input.FrameReceived(device, 0, answer))) {
                throw new IllegalStateException("a frame did not fit");
            }
        }
    }

    @Override
    public void close() {}

    private byte @Nullable [] answer(byte[] frame) {
        ByteBuffer in = ByteBuffer.wrap(frame);
        return switch (in.getShort(12)) {
            case 0x0806 -> in.getShort(20) == 1 ? arp(frame) : null;
            case 0x0800 ->
                switch (in.get(ETHERNET + 9)) {
                    case 1 -> in.get(L4) == 8 ? ping(frame) : null;
                    case 6 -> tcp(in);
                    default -> null;
                };
            default -> null;
        };
    }

    private byte[] arp(byte[] frame) {
        byte[] out = frame.clone();
        System.arraycopy(frame, 6, out, 0, 6);
        System.arraycopy(MAC, 0, out, 6, 6);
        out[21] = 2;
        System.arraycopy(frame, 22, out, 32, 10);
        System.arraycopy(MAC, 0, out, 22, 6);
        System.arraycopy(frame, 38, out, 28, 4);
        return count(Kind.ARP, out);
    }

    private byte[] ping(byte[] frame) {
        byte[] out = returned(frame);
        out[L4] = 0;
        seal(out, L4 + 2, L4, 0);
        return count(Kind.ICMP, out);
    }

    private byte @Nullable [] tcp(ByteBuffer in) {
        int flags = in.get(L4 + 13);
        int header = (in.get(L4 + 12) >> 4 & 0xf) * 4;
        int payload = in.getShort(ETHERNET + 2) - 20 - header;
        int next = in.getInt(L4 + 4) + payload;
        if ((flags & SYN) != 0) {
            return segment(in, FIRST_SEQUENCE, next + 1, SYN | ACK, "");
        }
        if (payload > 0) {
            String answer = "HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n%s".formatted(PAGE.length(), PAGE);
            return segment(in, FIRST_SEQUENCE + 1, next, ACK | PUSH | FIN, answer);
        }
        return (flags & FIN) == 0 ? null : segment(in, in.getInt(L4 + 8), next + 1, ACK, "");
    }

    private byte[] segment(ByteBuffer in, int sequence, int acknowledged, int flags, String payload) {
        byte[] data = payload.getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = returned(Arrays.copyOf(in.array(), L4 + TCP_HEADER + data.length));
        ByteBuffer out = ByteBuffer.wrap(bytes);
        out.putShort(ETHERNET + 2, (short) (bytes.length - ETHERNET));
        seal(bytes, ETHERNET + 10, ETHERNET, 0, L4);
        out.putShort(L4, in.getShort(L4 + 2)).putShort(L4 + 2, in.getShort(L4));
        out.putInt(L4 + 4, sequence).putInt(L4 + 8, acknowledged);
        out.putShort(L4 + 12, (short) (TCP_HEADER / 4 << 12 | flags)).putShort(L4 + 14, (short) 0x4000);
        out.putInt(L4 + 16, 0).put(L4 + TCP_HEADER, data);
        // The pseudo header: both addresses, which lie right before the segment, protocol and length.
        seal(bytes, L4 + 16, IP_SOURCE, 6 + bytes.length - L4);
        return count(Kind.TCP, bytes);
    }

    /** The same frame with source and destination exchanged, of Ethernet and of IP. */
    private static byte[] returned(byte[] frame) {
        byte[] out = frame.clone();
        System.arraycopy(frame, 6, out, 0, 6);
        System.arraycopy(MAC, 0, out, 6, 6);
        System.arraycopy(frame, IP_SOURCE, out, IP_SOURCE + 4, 4);
        System.arraycopy(frame, IP_SOURCE + 4, out, IP_SOURCE, 4);
        return out;
    }

    private static void seal(byte[] bytes, int at, int from, int extra) {
        seal(bytes, at, from, extra, bytes.length);
    }

    /** Puts the Internet checksum (RFC 1071) of a range in its place. */
    private static void seal(byte[] bytes, int at, int from, int extra, int to) {
        bytes[at] = 0;
        bytes[at + 1] = 0;
        int sum = extra;
        for (int i = from; i < to; i++) {
            sum += (i - from & 1) == 0 ? (bytes[i] & 0xff) << 8 : bytes[i] & 0xff;
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        sum += sum >>> 16;
        bytes[at] = (byte) (~sum >>> 8);
        bytes[at + 1] = (byte) ~sum;
    }

    private byte[] count(Kind kind, byte[] frame) {
        answered.merge(kind, 1, Integer::sum);
        return frame;
    }
}
