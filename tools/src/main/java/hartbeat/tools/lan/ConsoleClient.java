package hartbeat.tools.lan;

import hartbeat.devices.host.HostException;
import hartbeat.devices.host.link.FramedChannel;
import hartbeat.devices.host.link.LinkAddress;
import hartbeat.devices.host.link.LinkCodec;
import hartbeat.devices.host.link.LinkFormatException;
import hartbeat.devices.host.link.LinkMessage;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A console client: shows what a machine prints and types on it, on a thread of its own. */
public final class ConsoleClient implements AutoCloseable {
    private static final int PIECE_BYTES = 4 << 10;
    private static final int QUEUE_BYTES = 256 << 10;

    private final SocketChannel socket;
    private final Selector selector;
    private final Listener listener;
    private final Thread thread;
    private final Queue<byte[]> toSend = new ArrayDeque<>();
    private int queuedBytes;
    private boolean welcomed;
    private volatile boolean closed;

    /** Hears what happens on the console; all methods are called on the client's thread. */
    public interface Listener {
        /** The machine is there; output follows from {@code position}. */
        default void attached(String machineId, String machineName, long position) {}

        /**
         * Output. Positions go on without a gap, other than when this client was too slow for the hub's history.
         *
         * @param position of the first byte, counted from the machine's first
         */
        void printed(long position, byte[] bytes);

        /** The guest has switched itself off; nothing more comes. */
        default void off() {}

        /** The connection is over; {@code reason} is one line. */
        default void ended(String reason) {}
    }

    private ConsoleClient(SocketChannel socket, Selector selector, LinkMessage.Attach attach, Listener listener) {
        this.socket = socket;
        this.selector = selector;
        this.listener = listener;
        toSend.add(LinkCodec.upgrade(attach));
        thread = Thread.ofPlatform().name("console").daemon().start(this::work);
    }

    /**
     * Connects to a hub.
     *
     * @param machineId the machine, or empty for whichever is or goes live
     * @param from position to go on from, or -1 for all that the hub remembers
     * @throws HostException if no hub answers
     */
    public static ConsoleClient connect(LinkAddress hub, String machineId, long from, Listener listener)
            throws HostException {
        try {
            SocketChannel socket = hub.open();
            try {
                socket.connect(hub.toSocketAddress());
                socket.configureBlocking(false);
                LinkMessage.Attach attach = new LinkMessage.Attach(machineId, -1, from);
                return new ConsoleClient(socket, Selector.open(), attach, listener);
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        } catch (IOException e) {
            throw new HostException(
                    "no switch answers at " + hub + ": " + e.getMessage(),
                    "start one with: ./hartbeat switch --listen " + hub,
                    e);
        }
    }

    /** Types; false if so much waits already that the caller should try again later (nothing was taken). */
    public boolean type(byte[] bytes) {
        synchronized (toSend) {
            if (closed || queuedBytes + bytes.length > QUEUE_BYTES) {
                return false;
            }
            for (int i = 0; i < bytes.length; i += PIECE_BYTES) {
                byte[] piece = Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + PIECE_BYTES));
                toSend.add(LinkCodec.encode(new LinkMessage.Typed(piece)));
            }
            queuedBytes += bytes.length;
        }
        selector.wakeup();
        return true;
    }

    /** Whether the connection is over, and its listener knows why; what is typed then reaches nobody. */
    public boolean ended() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            if (!thread.equals(Thread.currentThread())) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        String reason = "the switch has gone";
        try (selector;
                socket) {
            SelectionKey key = socket.register(selector, SelectionKey.OP_READ);
            FramedChannel framed = new FramedChannel(socket, LinkCodec.MAX_PAYLOAD_BYTES);
            boolean open = true;
            while (open && !closed) {
                boolean full = framed.write(this::next);
                key.interestOps(full ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
                selector.select();
                selector.selectedKeys().clear();
                open = !key.isReadable() || framed.read(this::received);
            }
        } catch (LinkFormatException | IOException e) {
            reason = String.valueOf(e.getMessage());
        }
        if (!closed) {
            try {
                listener.ended(reason);
            } finally {
                closed = true;
            }
        }
    }

    private byte @Nullable [] next() {
        synchronized (toSend) {
            byte[] payload = toSend.poll();
            queuedBytes = payload == null ? 0 : Math.max(0, queuedBytes - payload.length + 1);
            return payload;
        }
    }

    private void received(byte[] payload) throws LinkFormatException {
        if (!welcomed && LinkCodec.frame(payload)) {
            return;
        }
        switch (LinkCodec.decode(payload)) {
            case LinkMessage.Printed printed -> listener.printed(printed.position(), printed.bytes());
            case LinkMessage.Attached attached ->
                listener.attached(attached.machineId(), attached.name(), attached.position());
            case LinkMessage.Off _ -> {
                try {
                    listener.off();
                } finally {
                    closed = true;
                }
            }
            case LinkMessage.Refused refused -> throw new LinkFormatException(refused.reason());
            case LinkMessage.Welcome _ -> welcomed = true;
            case LinkMessage other ->
                throw new LinkFormatException("expected=a message of a hub, actual="
                        + other.getClass().getSimpleName());
        }
    }
}
