package hartbeat.tools.lan;

import hartbeat.devices.host.link.FramedChannel;
import hartbeat.devices.host.link.LinkCodec;
import hartbeat.devices.host.link.LinkFormatException;
import hartbeat.lan.Switch;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.function.Predicate;

/** A connected socket and its connection of the {@link Switch}. */
final class Wire implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Wire.class.getName());

    private final String name;
    private final Switch lan;
    private final FramedChannel channel;
    private final SelectionKey key;
    private final int connection;
    private boolean dropped;

    /**
     * Registers a connected channel; the switch may refuse it, see {@link #open}.
     *
     * @param wanted which frames a foreign member is given
     */
    Wire(String name, SocketChannel socket, Selector selector, Switch lan, Predicate<byte[]> wanted)
            throws IOException {
        this.name = name;
        this.lan = lan;
        socket.configureBlocking(false);
        channel = new FramedChannel(socket, LinkCodec.MAX_FRAME_BYTES);
        key = socket.register(selector, SelectionKey.OP_READ, this);
        connection = lan.connect(name, wanted);
    }

    /** False once the wire is to be closed. */
    boolean open() {
        return connection >= 0 && key.isValid();
    }

    /** Reads what has come; false if the wire is to be closed. */
    boolean read(long nowNanos) {
        try {
            return channel.read(payload -> {
                if (!dropped) {
                    dropped = !lan.receive(connection, payload, nowNanos);
                    channel.maxBytes(lan.maxPayloadBytes(connection));
                }
            });
        } catch (LinkFormatException e) {
            LOG.log(System.Logger.Level.WARNING, "{0} dropped: {1}", name, e.getMessage());
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    /** Writes what the switch has for it; false if the wire is to be closed. */
    boolean flush() {
        try {
            boolean full = channel.write(() -> lan.next(connection));
            if (!full && lan.ended(connection)) {
                return false;
            }
            boolean read = !dropped && lan.readable(connection);
            key.interestOps((read ? SelectionKey.OP_READ : 0) | (full ? SelectionKey.OP_WRITE : 0));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    int connection() {
        return connection;
    }

    String name() {
        return name;
    }

    @Override
    public void close() {
        key.cancel();
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "{0}: {1}", name, e.getMessage());
        }
    }
}
