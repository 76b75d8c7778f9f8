package hartbeat.tools.lan;

import hartbeat.devices.host.HostException;
import hartbeat.devices.host.link.LinkAddress;
import hartbeat.lan.Switch;
import hartbeat.tools.UserError;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** The switch's process: sockets around a {@link Switch}, all on the thread that calls {@link #run}. */
public final class SwitchServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SwitchServer.class.getName());
    private static final long POLL_MILLIS = 1000;
    private static final int BACKLOG = 64;

    private final Switch lan = new Switch();
    private final Selector selector;
    private final List<ServerSocketChannel> listeners = new ArrayList<>();
    private final List<LinkAddress> addresses = new ArrayList<>();
    private final List<Wire> wires = new ArrayList<>();
    private final List<TapUplink> taps = new ArrayList<>();
    private final List<PasstUplink> passts = new ArrayList<>();
    private volatile boolean closed;
    private volatile Switch.Counters counters = lan.counters();

    private SwitchServer(Selector selector) {
        this.selector = selector;
    }

    /**
     * Opens all sockets and uplinks.
     *
     * @throws HostException if one cannot be opened; nothing is left behind then
     */
    public static SwitchServer open(SwitchOptions options) throws HostException {
        SwitchServer server;
        try {
            server = new SwitchServer(Selector.open());
        } catch (IOException e) {
            throw new HostException("switch: " + e.getMessage(), "too many open files?", e);
        }
        try {
            for (LinkAddress address : options.listen()) {
                server.listen(address);
            }
            for (SwitchOptions.Uplink uplink : options.uplinks()) {
                server.attach(uplink);
            }
            return server;
        } catch (HostException e) {
            server.release();
            throw e;
        }
    }

    /** Where it listens, with real ports in place of 0. */
    public List<LinkAddress> addresses() {
        return List.copyOf(addresses);
    }

    /** Figures as of the last thing that happened; from any thread. */
    public Switch.Counters counters() {
        return counters;
    }

    /** Works until {@link #close} is called from another thread or the calling thread is interrupted. */
    public void run() throws IOException {
        try {
            while (!closed && !Thread.currentThread().isInterrupted()) {
                selector.select(POLL_MILLIS);
                long nowNanos = System.nanoTime();
                for (SelectionKey key : selector.selectedKeys()) {
                    serve(key, nowNanos);
                }
                selector.selectedKeys().clear();
                taps.forEach(tap -> tap.receive(nowNanos));
                flush(nowNanos);
                lan.poll(nowNanos);
                counters = lan.counters();
            }
        } finally {
            release();
        }
    }

    /** Ends {@link #run}, which releases everything. */
    @Override
    public void close() {
        closed = true;
        selector.wakeup();
    }

    private void serve(SelectionKey key, long nowNanos) {
        if (!key.isValid()) {
            return;
        }
        if (key.attachment() instanceof Wire wire) {
            if (key.isReadable() && !wire.read(nowNanos)) {
                drop(wire, nowNanos);
            }
        } else if (key.isAcceptable()) {
            accept((ServerSocketChannel) key.channel());
        }
    }

    private void accept(ServerSocketChannel listener) {
        try {
            SocketChannel socket = listener.accept();
            if (socket == null) {
                return;
            }
            SocketAddress remote = socket.getRemoteAddress();
            if (remote instanceof InetSocketAddress) {
                socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            String name = "peer " + (remote instanceof InetSocketAddress ? remote : "on " + listener.getLocalAddress());
            add(new Wire(name, socket, selector, lan, frame -> true));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "a peer could not be accepted: {0}", e.getMessage());
        }
    }

    private void add(Wire wire) {
        if (wire.open()) {
            wires.add(wire);
        } else {
            wire.close();
        }
    }

    private void flush(long nowNanos) {
        for (Wire wire : List.copyOf(wires)) {
            if (!wire.open() || !wire.flush()) {
                drop(wire, nowNanos);
            }
        }
        taps.forEach(TapUplink::flush);
    }

    private void drop(Wire wire, long nowNanos) {
        wires.remove(wire);
        wire.close();
        lan.disconnect(wire.connection(), nowNanos);
        for (PasstUplink passt : passts) {
            if (passt.name().equals(wire.name()) && !closed) {
                LOG.log(System.Logger.Level.ERROR, "{0} has ended: {1}", passt.name(), passt.lastWords());
            }
        }
    }

    private void attach(SwitchOptions.Uplink uplink) throws HostException {
        switch (uplink) {
            case SwitchOptions.Tap tap -> taps.add(TapUplink.open(tap, lan, selector::wakeup));
            case SwitchOptions.Passt options -> {
                PasstUplink passt = PasstUplink.start(options);
                passts.add(passt);
                try {
                    add(new Wire(passt.name(), passt.connection(), selector, lan, PasstUplink::concerns));
                } catch (IOException e) {
                    throw new HostException("passt: " + e.getMessage(), passt.lastWords(), e);
                }
            }
        }
    }

    private void listen(LinkAddress address) throws HostException {
        try {
            ServerSocketChannel listener;
            if (address instanceof LinkAddress.Unix unix) {
                removeStaleSocket(unix.path());
                listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            } else {
                listener = ServerSocketChannel.open();
                listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            }
            listeners.add(listener);
            listener.bind(address.toSocketAddress(), BACKLOG);
            if (address instanceof LinkAddress.Unix unix) {
                Files.setPosixFilePermissions(unix.path(), PosixFilePermissions.fromString("rw-------"));
            }
            listener.configureBlocking(false);
            listener.register(selector, SelectionKey.OP_ACCEPT);
            addresses.add(bound(address, listener));
        } catch (IOException e) {
            throw new HostException(
                    "cannot listen on " + address + ": " + e.getMessage(),
                    address instanceof LinkAddress.Unix
                            ? "the directory must exist and be writable"
                            : UserError.listenHint(e),
                    e);
        }
    }

    private static LinkAddress bound(LinkAddress address, ServerSocketChannel listener) throws IOException {
        return address instanceof LinkAddress.Tcp tcp && listener.getLocalAddress() instanceof InetSocketAddress local
                ? new LinkAddress.Tcp(tcp.host(), local.getPort())
                : address;
    }

    /** A switch that was killed leaves its socket behind; one that lives answers on it. */
    private static void removeStaleSocket(Path path) throws HostException, IOException {
        if (!Files.exists(path)) {
            return;
        }
        if (Files.isRegularFile(path) || Files.isDirectory(path)) {
            throw new HostException("cannot listen on unix:" + path + ": there is a file", "choose another path");
        }
        LinkAddress address = new LinkAddress.Unix(path);
        try (SocketChannel probe = address.open()) {
            probe.connect(address.toSocketAddress());
        } catch (IOException e) {
            Files.delete(path);
            return;
        }
        throw new HostException(
                "cannot listen on unix:" + path + ": another switch does",
                "use that one, stop it, or choose another path");
    }

    private void release() {
        wires.forEach(Wire::close);
        wires.clear();
        taps.forEach(TapUplink::close);
        passts.forEach(PasstUplink::close);
        for (ServerSocketChannel listener : listeners) {
            quietly(listener);
        }
        for (LinkAddress address : addresses) {
            if (address instanceof LinkAddress.Unix unix) {
                quietly(() -> Files.deleteIfExists(unix.path()));
            }
        }
        addresses.clear();
        quietly(selector);
    }

    private static void quietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            LOG.log(System.Logger.Level.DEBUG, "closing: {0}", e.getMessage());
        }
    }
}
