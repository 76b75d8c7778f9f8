package hartbeat.ft.channel.host;

import hartbeat.ft.run.host.RealTimeLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Where a primary waits for its backup. */
public final class TcpListener implements AutoCloseable {
    private final ServerSocketChannel server;

    /** @throws IOException if the address cannot be bound, as when the port is in use */
    public TcpListener(InetSocketAddress address) throws IOException {
        server = ServerSocketChannel.open();
        try {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(address);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** The port, for a listener that was given port 0. */
    public int port() {
        return server.socket().getLocalPort();
    }

    /** Waits for a connection, which is for the role on {@code loop}; {@link #close} from another thread ends the wait with an {@link IOException}. */
    public TcpChannel accept(RealTimeLoop loop) throws IOException {
        return new TcpChannel(server.accept(), loop);
    }

    /** As {@link #accept}, for somebody with whom no messages are exchanged. */
    SocketChannel acceptSocket() throws IOException {
        return server.accept();
    }

    boolean isOpen() {
        return server.isOpen();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
