package hartbeat.tools.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The cable between primary and backup, as a thing that can be cut: the backup connects here, and TCP bytes and UDP datagrams go
 * on to the primary and back. A cut cable carries nothing in either direction and tells nobody: connections stay open, what is sent
 * is not delivered.
 */
final class CableRelay implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 << 10;

    private final InetSocketAddress primary;
    private final ServerSocketChannel listener;
    private final DatagramChannel near;
    private final DatagramChannel far;
    private final Queue<SocketChannel> connections = new ConcurrentLinkedQueue<>();
    private final AtomicLong carriedBytes = new AtomicLong();
    private final Object gate = new Object();
    private volatile SocketAddress backup = new InetSocketAddress(0);
    private volatile boolean cut;
    private volatile boolean closed;

    /**
     * @param port where the backup connects, 0 for any
     * @param primary where the primary listens, for TCP and UDP alike
     */
    CableRelay(int port, InetSocketAddress primary) throws IOException {
        this.primary = primary;
        InetAddress loopback = InetAddress.getLoopbackAddress();
        listener = ServerSocketChannel.open().bind(new InetSocketAddress(loopback, port));
        near = DatagramChannel.open().bind(new InetSocketAddress(loopback, port()));
        far = DatagramChannel.open().bind(new InetSocketAddress(loopback, 0));
        daemon("cable accept", this::accept);
        daemon("cable to primary", this::datagramsToPrimary);
        daemon("cable to backup", this::datagramsToBackup);
    }

    /** The port to which the backup connects. */
    int port() {
        try {
            return ((InetSocketAddress) listener.getLocalAddress()).getPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on nothing passes. */
    void cut() {
        cut = true;
    }

    /** Bytes of TCP payload that went through, both ways together. */
    long carriedBytes() {
        return carriedBytes.get();
    }

    @Override
    public void close() {
        closed = true;
        synchronized (gate) {
            gate.notifyAll();
        }
        quietly(listener);
        quietly(near);
        quietly(far);
        connections.forEach(CableRelay::quietly);
    }

    private void accept() throws IOException {
        while (!closed) {
            SocketChannel backupSide = listener.accept();
            connections.add(backupSide);
            if (cut) {
                continue;
            }
            daemon("cable connection", () -> join(backupSide));
        }
    }

    /** The primary may not listen yet; the backup sees then what it would see without the relay: a closed connection. */
    private void join(SocketChannel backupSide) throws IOException {
        try {
            SocketChannel primarySide = SocketChannel.open(primary);
            primarySide.socket().setTcpNoDelay(true);
            backupSide.socket().setTcpNoDelay(true);
            connections.add(primarySide);
            daemon("cable down", () -> copy(primarySide, backupSide));
            copy(backupSide, primarySide);
        } catch (IOException refused) {
            quietly(backupSide);
        }
    }

    private void copy(SocketChannel from, SocketChannel to) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        try {
            while (from.read(buffer) >= 0) {
                awaitUncut();
                buffer.flip();
                carriedBytes.addAndGet(buffer.remaining());
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
        } catch (IOException reset) {
            // The other end is told below, as if it were connected directly.
        }
        awaitUncut();
        quietly(from);
        quietly(to);
    }

    /** Blocks for as long as the cable is cut; bytes that were read stay undelivered. */
    private void awaitUncut() {
        synchronized (gate) {
            while (cut && !closed) {
                try {
                    gate.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    private void datagramsToPrimary() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(65536);
        while (!closed) {
            backup = near.receive(buffer.clear());
            if (!cut) {
                send(far, buffer.flip(), primary);
            }
        }
    }

    private void datagramsToBackup() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(65536);
        while (!closed) {
            far.receive(buffer.clear());
            if (!cut && ((InetSocketAddress) backup).getPort() != 0) {
                send(near, buffer.flip(), backup);
            }
        }
    }

    /** A datagram to a port that nobody holds (any more) is lost, as on a network. */
    private static void send(DatagramChannel channel, ByteBuffer datagram, SocketAddress to) {
        try {
            channel.send(datagram, to);
        } catch (IOException lost) {
            // Heartbeats may be lost.
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private void daemon(String name, Work work) {
        Thread.ofPlatform().daemon().name(name).start(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // The relay is being closed, or one end is gone; both are told by the sockets themselves.
            }
        });
    }

    private static void quietly(AutoCloseable channel) {
        try {
            channel.close();
        } catch (Exception closedAlready) {
            // Closing is all that was wanted.
        }
    }
}
