package hartbeat.devices.host.link;

import hartbeat.devices.host.HostException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where a switch listens: {@code unix:PATH} or {@code tcp:HOST:PORT}. */
public sealed interface LinkAddress {
    /** Longest path of a Unix-domain socket (man 7 unix: 108 with the closing zero). */
    int MAX_PATH_BYTES = 107;

    /** A Unix-domain socket. */
    record Unix(Path path) implements LinkAddress {
        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    /** A TCP port. */
    record Tcp(String host, int port) implements LinkAddress {
        @Override
        public String toString() {
            return "tcp:" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /** @throws HostException if the text is no address */
    static LinkAddress parse(String text) throws HostException {
        if (text.startsWith("unix:") && text.length() > 5) {
            return unix(text.substring(5));
        }
        int colon = text.lastIndexOf(':');
        if (text.startsWith("tcp:") && colon > 4) {
            String host = text.substring(4, colon);
            if (host.startsWith("[") && host.endsWith("]")) {
                host = host.substring(1, host.length() - 1);
            }
            try {
                int port = Integer.parseInt(text.substring(colon + 1));
                if (port >= 0 && port <= 65535 && !host.isEmpty()) {
                    return new Tcp(host, port);
                }
                if (port < 0 || port > 65535) {
                    throw new HostException(
                            "address " + text + ": port: expected=0 to 65535, actual=" + port,
                            "for example tcp:127.0.0.1:4020");
                }
            } catch (NumberFormatException e) {
                throw wrong(text, e);
            }
        }
        throw wrong(text, null);
    }

    private static LinkAddress unix(String path) throws HostException {
        if (path.getBytes(StandardCharsets.UTF_8).length > MAX_PATH_BYTES) {
            throw new HostException(
                    "socket path " + path + ": expected=at most " + MAX_PATH_BYTES + " bytes, actual="
                            + path.getBytes(StandardCharsets.UTF_8).length,
                    "use a shorter path, for example under /tmp");
        }
        try {
            return new Unix(Path.of(path));
        } catch (InvalidPathException e) {
            throw wrong("unix:" + path, e);
        }
    }

    private static HostException wrong(String text, @Nullable Throwable cause) {
        String message = "address " + text + ": expected=unix:PATH or tcp:HOST:PORT";
        String hint = "for example unix:/tmp/lan.sock or tcp:127.0.0.1:4020";
        return cause == null ? new HostException(message, hint) : new HostException(message, hint, cause);
    }

    /** The address for a socket; a host name is looked up. */
    default SocketAddress toSocketAddress() throws IOException {
        return switch (this) {
            case Unix unix -> UnixDomainSocketAddress.of(unix.path());
            case Tcp tcp -> {
                InetAddress host = InetAddress.getByName(tcp.host());
                if (host == null) {
                    throw new UnknownHostException(tcp.host());
                }
                yield new InetSocketAddress(host, tcp.port());
            }
        };
    }

    /** A new channel of the right family, not connected. */
    default SocketChannel open() throws IOException {
        return this instanceof Unix ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
    }
}
