package hartbeat.ft.channel.host;

import hartbeat.ft.channel.Channel;
import hartbeat.ft.channel.FrameDecoder;
import hartbeat.ft.channel.Message;
import hartbeat.ft.channel.MessageCodec;
import hartbeat.ft.log.LogFormatException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A channel over a TCP connection. The role's thread writes directly; a thread of its own reads, and writes what did not fit. */
public final class TcpChannel implements Channel, AutoCloseable {
    private static final int CAPACITY_BYTES = 16 << 20;
    private static final int READ_BYTES = 1 << 16;

    private final SocketChannel socket;
    private final Selector selector;
    private final SelectionKey key;
    private final Runnable wake;
    private final String peer;
    private final FrameDecoder decoder = new FrameDecoder();
    private final Object lock = new Object();
    private final Deque<byte[]> incoming = new ArrayDeque<>();
    private final Deque<ByteBuffer> outgoing = new ArrayDeque<>();
    private int incomingBytes;
    private int outgoingBytes;
    private boolean refused;
    private @Nullable String closed;
    private @Nullable String broken;

    /**
     * @param socket connected
     * @param wake called when something arrived, there is room again, or the connection closed
     */
    public TcpChannel(SocketChannel socket, Runnable wake) throws IOException {
        this.socket = socket;
        this.wake = wake;
        peer = address(socket);
        socket.configureBlocking(false);
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        selector = Selector.open();
        key = socket.register(selector, SelectionKey.OP_READ);
        Thread.ofPlatform().daemon().name("channel").start(this::serve);
    }

    /** Connects to a primary. */
    public static TcpChannel connect(InetSocketAddress address, int timeoutMillis, Runnable wake) throws IOException {
        SocketChannel socket = SocketChannel.open();
        try {
            socket.socket().connect(address, timeoutMillis);
            return new TcpChannel(socket, wake);
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
            if (closed == null && outgoingBytes > 0) {
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
            while (message == null) {
                byte[] bytes = takeIncoming();
                if (bytes == null) {
                    return null;
                }
                decoder.feed(bytes, 0, bytes.length);
                message = decoder.next();
            }
            return message;
        } catch (LogFormatException e) {
            broken = e.reason();
            close(broken);
            return null;
        }
    }

    private byte @Nullable [] takeIncoming() {
        synchronized (lock) {
            byte[] bytes = incoming.poll();
            if (bytes != null) {
                boolean wasFull = incomingBytes >= CAPACITY_BYTES;
                incomingBytes -= bytes.length;
                if (wasFull && incomingBytes < CAPACITY_BYTES && closed == null) {
                    key.interestOpsOr(SelectionKey.OP_READ);
                    selector.wakeup();
                }
            }
            return bytes;
        }
    }

    @Override
    public @Nullable String closed() {
        if (broken != null) {
            return broken;
        }
        synchronized (lock) {
            return incoming.isEmpty() ? closed : null;
        }
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
    }

    @Override
    public void close() {
        close("closed");
    }

    private void serve() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
        try (SocketChannel ownSocket = socket;
                Selector ownSelector = selector) {
            while (isOpen()) {
                ownSelector.select();
                boolean tell = false;
                synchronized (lock) {
                    if (key.isValid() && key.isWritable()) {
                        tell |= write();
                    }
                }
                if (key.isValid() && key.isReadable()) {
                    read(ownSocket, buffer);
                    tell = true;
                }
                if (tell) {
                    wake.run();
                }
            }
        } catch (IOException | RuntimeException e) {
            fail("connection lost: " + e.getMessage());
        }
        wake.run();
    }

    private boolean isOpen() {
        synchronized (lock) {
            return closed == null;
        }
    }

    private void read(SocketChannel from, ByteBuffer buffer) throws IOException {
        buffer.clear();
        int count = from.read(buffer);
        if (count < 0) {
            fail("peer closed the connection");
            return;
        }
        byte[] bytes = new byte[count];
        buffer.flip().get(bytes);
        synchronized (lock) {
            incoming.add(bytes);
            incomingBytes += count;
            if (incomingBytes >= CAPACITY_BYTES) {
                key.interestOpsAnd(~SelectionKey.OP_READ);
            }
        }
    }

    /** Under the lock. @return whether there is room again for someone who was refused */
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
            if (key.isValid()) {
                key.interestOpsAnd(~SelectionKey.OP_WRITE);
            }
        } catch (IOException e) {
            fail("connection lost: " + e.getMessage());
        }
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
