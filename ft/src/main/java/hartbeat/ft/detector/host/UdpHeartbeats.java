package hartbeat.ft.detector.host;

import hartbeat.ft.channel.Side;
import hartbeat.ft.detector.Heartbeat;
import hartbeat.ft.detector.HeartbeatCodec;
import hartbeat.ft.detector.HeartbeatPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Heartbeats over UDP, polled: the role's thread reads what has arrived; any thread may send. A primary answers to where the backup's
 * come from.
 */
public final class UdpHeartbeats implements HeartbeatPort, AutoCloseable {
    private static final int READS_PER_POLL = 160;

    private final DatagramChannel channel;
    private final HeartbeatCodec codec;
    private final Side mine;
    private final byte[] bytes = new byte[HeartbeatCodec.MAX_BYTES + 1];
    private volatile @Nullable SocketAddress peer;
    private final AtomicLong lost = new AtomicLong();

    private UdpHeartbeats(DatagramChannel channel, HeartbeatCodec codec, Side mine, @Nullable SocketAddress peer)
            throws IOException {
        this.channel = channel;
        this.codec = codec;
        this.mine = mine;
        this.peer = peer;
        channel.configureBlocking(false);
    }

    /** A primary's end, on the UDP port of the same number as its TCP port. */
    public static UdpHeartbeats listen(InetSocketAddress address, HeartbeatCodec codec) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        try {
            channel.bind(address);
            return new UdpHeartbeats(channel, codec, Side.PRIMARY, null);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** A backup's end. */
    public static UdpHeartbeats connect(InetSocketAddress primary, HeartbeatCodec codec) throws IOException {
        return new UdpHeartbeats(DatagramChannel.open(), codec, Side.BACKUP, primary);
    }

    /** Datagrams that could not be sent. */
    public long lost() {
        return lost.get();
    }

    @Override
    public void send(Heartbeat heartbeat) {
        SocketAddress target = peer;
        if (target == null) {
            return;
        }
        try {
            channel.send(ByteBuffer.wrap(codec.encode(heartbeat)), target);
        } catch (IOException e) {
            // A datagram may be lost anywhere; that the peer is gone is for the detector to notice.
            lost.incrementAndGet();
        }
    }

    @Override
    public @Nullable Heartbeat receive() {
        for (int i = 0; i < READS_PER_POLL; i++) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            try {
                SocketAddress from = channel.receive(buffer);
                if (from == null) {
                    return null;
                }
                Heartbeat heartbeat = codec.decode(bytes, buffer.position());
                if (heartbeat != null && heartbeat.from() != mine) {
                    peer = mine == Side.PRIMARY ? from : peer;
                    return heartbeat;
                }
            } catch (IOException e) {
                // An ICMP error of an earlier datagram shows up here; the next read goes on.
                lost.incrementAndGet();
            }
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
