package hartbeat.proof.guest;

import hartbeat.proof.fault.Seeded;
import hartbeat.proof.world.Outside;
import hartbeat.proof.world.Workload;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Sends numbered UDP datagrams to port 7, each of which must come back once, in order. */
final class NetEchoWorkload implements Workload {
    private static final long MILLI = 1_000_000;
    private static final int MOST_DATAGRAMS = 60;
    private static final int WINDOW = 3;
    private static final long AGAIN_NANOS = 100 * MILLI;
    private static final int ETH_BYTES = 14;
    private static final int IP_BYTES = 20;
    private static final int UDP_BYTES = 8;
    private static final int CLIENT = 0x0a000202;
    private static final int GUEST = 0x0a00020f;
    private static final int QUIT = 0x71756974;

    private final Seeded random;
    private final List<String> wrong = new ArrayList<>();
    private int left;
    private int sent;
    private int answered;
    private int seen;
    private boolean quit;
    private boolean asksAgain;
    private long againNanos;
    private long nextNanos = 3 * MILLI;

    NetEchoWorkload(long seed, int requests) {
        random = Seeded.of(seed, "net-echo");
        left = Math.min(requests, MOST_DATAGRAMS);
    }

    @Override
    public long nextNanos() {
        return Math.min(
                asksAgain && sent > answered ? againNanos : Long.MAX_VALUE,
                quit || sent - answered >= WINDOW ? Long.MAX_VALUE : nextNanos);
    }

    @Override
    public void step(Outside outside, long nowNanos) {
        for (; seen < outside.frames().size(); seen++) {
            answer(outside.frames().get(seen));
        }
        if (!quit && sent - answered < WINDOW && nowNanos >= nextNanos) {
            nextNanos = nowNanos + random.between(50_000, 4 * MILLI);
            sent++;
            quit = left == 0;
            left = Math.max(0, left - 1);
            outside.send(datagram(quit ? QUIT : sent), nowNanos);
            againNanos = nowNanos + AGAIN_NANOS;
        } else if (asksAgain && sent > answered && nowNanos >= againNanos) {
            againNanos = nowNanos + AGAIN_NANOS;
            outside.send(datagram(quit && answered + 1 == sent ? QUIT : answered + 1), nowNanos);
        }
    }

    /** From now on what is not answered is asked again, and what is answered again is no news. */
    @Override
    public void switchLost() {
        asksAgain = true;
    }

    private void answer(byte[] frame) {
        int number = frame.length >= ETH_BYTES + IP_BYTES + UDP_BYTES + 4
                ? ByteBuffer.wrap(frame).getInt(ETH_BYTES + IP_BYTES + UDP_BYTES)
                : -1;
        int expected = quit && answered + 1 == sent ? QUIT : answered + 1;
        if (asksAgain && number == QUIT && quit) {
            answered = sent;
            return;
        }
        if (asksAgain && number > 0 && number <= sent && number != expected) {
            return;
        }
        if (number != expected) {
            wrong.add("echo: expected=%d, actual=%d".formatted(expected, number));
        }
        answered++;
    }

    private static byte[] datagram(int number) {
        ByteBuffer frame = ByteBuffer.allocate(ETH_BYTES + IP_BYTES + UDP_BYTES + 4);
        frame.put(GuestCase.MAC.toBytes()).put(Outside.MAC).putShort((short) 0x0800);
        frame.put((byte) 0x45).put((byte) 0).putShort((short) (IP_BYTES + UDP_BYTES + 4));
        frame.putInt(0)
                .put((byte) 64)
                .put((byte) 17)
                .putShort((short) 0)
                .putInt(CLIENT)
                .putInt(GUEST);
        frame.putShort(ETH_BYTES + 10, checksum(frame));
        frame.putShort((short) 9_999)
                .putShort((short) 7)
                .putShort((short) (UDP_BYTES + 4))
                .putShort((short) 0);
        return frame.putInt(number).array();
    }

    /** The Internet checksum of the IP header (RFC 1071). */
    private static short checksum(ByteBuffer frame) {
        int sum = 0;
        for (int at = ETH_BYTES; at < ETH_BYTES + IP_BYTES; at += 2) {
            sum += frame.getShort(at) & 0xffff;
        }
        return (short) ~((sum & 0xffff) + (sum >>> 16));
    }

    @Override
    public boolean done() {
        return quit && answered >= sent;
    }

    @Override
    public void finish() {
        left = 0;
    }

    @Override
    public List<String> violations(Outside outside) {
        return wrong;
    }
}
