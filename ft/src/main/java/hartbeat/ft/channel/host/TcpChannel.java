package hartbeat.ft.channel.host;

import hartbeat.ft.channel.Channel;
import hartbeat.ft.channel.FrameDecoder;
import hartbeat.ft.channel.Message;
import hartbeat.ft.channel.MessageCodec;
import hartbeat.ft.log.LogFormatException;
import hartbeat.ft.run.host.RealTimeLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A channel over a TCP connection, read and written by the role's own thread. A thread of its own watches the connection while that one is parked,
 * and writes what did not fit.
 */
public final class TcpChannel implements Channel, RealTimeLoop.Bell, AutoCloseable {
    private static final int CAPACITY_BYTES = 16 << 20;
    private static final int READ_BYTES = 1 << 16;

    /** What a peer may have sent that nobody reads any more; see {@link #discardUnread}. */
    private static final int DISCARDED_READS = 64;

    private static final int CLOSE_MILLIS = 100;

    private final SocketChannel socket;
    private final Selector selector;
    private final SelectionKey key;
    private final RealTimeLoop loop;
    private final Thread thread;
    private final String peer;
    private final FrameDecoder decoder = new FrameDecoder();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
    private final byte[] bytes = new byte[READ_BYTES];
    private final Object lock = new Object();
    private final Deque<ByteBuffer> outgoing = new ArrayDeque<>();
    private int outgoingBytes;
    private boolean refused;
    /** Whether the role has read all there was and is not told yet of what comes next. */
    private boolean drained = true;

    private volatile boolean armed;
    private volatile @Nullable String closed;
    private @Nullable String broken;

    /**
     * @param socket connected
     * @param loop of the role, which is woken when something arrived, there is room again, or the connection closed
     */
    public TcpChannel(SocketChannel socket, RealTimeLoop loop) throws IOException {
        this.socket = socket;
        this.loop = loop;
        peer = address(socket);
        socket.configureBlocking(false);
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        selector = Selector.open();
        key = socket.register(selector, 0);
        loop.add(this);
        thread = Thread.ofPlatform().daemon().name("channel").start(this::serve);
    }

    /** Connects to a primary. */
    public static TcpChannel connect(InetSocketAddress address, int timeoutMillis, RealTimeLoop loop)
            throws IOException {
        SocketChannel socket = SocketChannel.open();
        try {
            socket.socket().connect(address, timeoutMillis);
            return new TcpChannel(socket, loop);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Where the peer is, for messages: address and port. */
    public String peer() {
        return peer;
    }

    static String address(SocketChannel socket) throws IOException {
        SocketAddress remote = socket.getRemoteAddress();
        return remote instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
                : "an unknown address";
    }

    @Override
    public boolean send(Message message) {
        byte[] frame = MessageCodec.encode(message);
        synchronized (lock) {
            if (closed != null) {
                return true;
            }
            if (outgoingBytes > 0 && outgoingBytes + frame.length > CAPACITY_BYTES) {
                refused = true;
                return false;
            }
            outgoing.add(ByteBuffer.wrap(frame));
            outgoingBytes += frame.length;
            write();
            if (outgoingBytes > 0) {
                key.interestOpsOr(SelectionKey.OP_WRITE);
                selector.wakeup();
            }
            return true;
        }
    }

    @Override
    public @Nullable Message receive() {
        if (broken != null) {
            return null;
        }
        try {
            Message message = decoder.next();
            while (message == null && read()) {
                message = decoder.next();
            }
            return message;
        } catch (LogFormatException e) {
            broken = e.reason();
            close(broken);
            return null;
        }
    }

    /** On the role's thread. @return whether anything has come */
    private boolean read() {
        if (closed != null) {
            return false;
        }
        try {
            int count = socket.read(buffer.clear());
            drained = count == 0;
            if (count < 0) {
                fail("peer closed the connection");
            } else if (count > 0) {
                buffer.flip().get(bytes, 0, count);
                decoder.feed(bytes, 0, count);
            }
            return count > 0;
        } catch (IOException e) {
            fail("connection lost: " + e.getMessage());
            return false;
        }
    }

    @Override
    public void arm() {
        if (!drained || armed) {
            return;
        }
        synchronized (lock) {
            if (closed == null) {
                drained = false;
                armed = true;
                key.interestOpsOr(SelectionKey.OP_READ);
            }
        }
        selector.wakeup();
    }

    @Override
    public @Nullable String closed() {
        return broken != null ? broken : closed;
    }

    @Override
    public void trust() {
        decoder.trust();
    }

    @Override
    public void close(String why) {
        synchronized (lock) {
            if (closed == null) {
                write();
                closed = why;
            }
        }
        selector.wakeup();
        loop.remove(this);
    }

    /** Closes, and waits a moment for the connection to be at its end: a process that ends before that resets it. */
    @Override
    public void close() {
        close("closed");
        try {
            thread.join(Duration.ofMillis(CLOSE_MILLIS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve() {
        try (SocketChannel ownSocket = socket;
                Selector ownSelector = selector) {
            watch(ownSelector);
            discardUnread(ownSocket);
        } catch (IOException e) {
            // It is closed, and why is known.
            System.getLogger(TcpChannel.class.getName()).log(System.Logger.Level.DEBUG, "connection to " + peer, e);
        } finally {
            loop.wake();
        }
    }

    /** Until the channel is closed: only then may socket and selector be. */
    private void watch(Selector ownSelector) {
        try {
            while (closed == null) {
                ownSelector.select(this::ready);
            }
        } catch (IOException | RuntimeException e) {
            fail("connection lost: " + e.getMessage());
        } finally {
            fail("connection lost");
        }
    }

    private void ready(SelectionKey selected) {
        boolean tell = false;
        if (selected.isReadable()) {
            selected.interestOpsAnd(~SelectionKey.OP_READ);
            armed = false;
            tell = true;
        }
        if (selected.isWritable()) {
            synchronized (lock) {
                tell |= write();
            }
        }
        if (tell) {
            loop.wake();
        }
    }

    /** A connection that is closed before all was read is reset, and what was just sent may be lost with it. */
    private static void discardUnread(SocketChannel from) throws IOException {
        ByteBuffer unread = ByteBuffer.allocate(READ_BYTES);
        for (int i = 0; i < DISCARDED_READS && from.read(unread.clear()) > 0; i++) {}
    }

    /**
     * Under the lock. A peer that takes no more may have sent something before: what there is to read decides when the channel counts as closed.
     *
     * @return whether there is room again for someone who was refused
     */
    private boolean write() {
        try {
            while (!outgoing.isEmpty()) {
                ByteBuffer head = outgoing.getFirst();
                int written = socket.write(head);
                outgoingBytes -= written;
                if (head.hasRemaining()) {
                    return false;
                }
                outgoing.removeFirst();
            }
        } catch (IOException e) {
            outgoing.clear();
            outgoingBytes = 0;
        }
        key.interestOpsAnd(~SelectionKey.OP_WRITE);
        boolean tell = refused;
        refused = false;
        return tell;
    }

    private void fail(String why) {
        synchronized (lock) {
            if (closed == null) {
                closed = why;
            }
        }
        selector.wakeup();
    }
}
