package hartbeat.devices.host.link;

import hartbeat.emulator.io.InputSink;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The socket under a {@link LinkEndpoint}, on a thread of its own: connects, and connects again when the switch went away. Says so once
 * in the log for each loss, not for each attempt.
 */
public final class LinkClient implements AutoCloseable {
    private static final long RETRY_MILLIS = 100;

    private final LinkAddress address;
    private final LinkEndpoint endpoint;
    private final Selector selector;
    private final Thread thread;
    private volatile boolean closed;
    private boolean complained;

    /**
     * Starts connecting.
     *
     * @param sink takes frames and typed bytes
     * @param roomAgain called, from the link's thread, when {@link LinkEndpoint#canSend} may have become true, when outputs were
     *     taken, or when this side was fenced
     */
    public LinkClient(LinkAddress address, LinkMessage.Hello hello, InputSink sink, Runnable roomAgain)
            throws IOException {
        this.address = address;
        selector = Selector.open();
        endpoint = new LinkEndpoint(hello, sink, this::wake, roomAgain);
        thread = Thread.ofPlatform().name("link").daemon().start(this::work);
    }

    /** What the role talks to. */
    public LinkEndpoint endpoint() {
        return endpoint;
    }

    /** Waits until the switch has taken all outputs, for at most {@code timeoutMillis}; true if it has. For a clean end. */
    public boolean drain(long timeoutMillis) throws InterruptedException {
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        synchronized (endpoint) {
            while (!endpoint.drained() && System.nanoTime() < endNanos) {
                TimeUnit.NANOSECONDS.timedWait(endpoint, Math.max(1_000_000, endNanos - System.nanoTime()));
            }
            return endpoint.drained();
        }
    }

    @Override
    public void close() {
        closed = true;
        // Ends a connection attempt to a host that does not answer, too.
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void wake() {
        selector.wakeup();
    }

    private void work() {
        try (selector) {
            while (!closed) {
                String reason = attempt();
                if (!closed && !complained) {
                    complained = true;
                    System.getLogger(LinkClient.class.getName())
                            .log(
                                    System.Logger.Level.WARNING,
                                    "switch at {0}: {1}; trying on, hint: start one with ./hartbeat switch --listen {0}",
                                    address,
                                    reason);
                }
                if (!closed) {
                    selector.select(RETRY_MILLIS);
                }
            }
        } catch (IOException e) {
            System.getLogger(LinkClient.class.getName())
                    .log(System.Logger.Level.ERROR, "link to {0} ends: {1}", address, e.getMessage());
        }
    }

    /** One connection from beginning to end; why it ended. */
    private @Nullable String attempt() {
        try (SocketChannel channel = address.open()) {
            if (!channel.connect(address.toSocketAddress())) {
                return "cannot connect";
            }
            channel.configureBlocking(false);
            if (address instanceof LinkAddress.Tcp) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            endpoint.connect();
            complained = false;
            serve(new FramedChannel(channel, LinkCodec.MAX_PAYLOAD_BYTES), key);
            return "closed the connection";
        } catch (IOException | LinkFormatException e) {
            return String.valueOf(e.getMessage());
        } finally {
            endpoint.disconnect();
        }
    }

    private void serve(FramedChannel framed, SelectionKey key) throws IOException, LinkFormatException {
        while (!closed) {
            boolean full = framed.write(endpoint::next);
            key.interestOps(full ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
            selector.select();
            selector.selectedKeys().clear();
            if (key.isReadable() && !framed.read(endpoint::received)) {
                return;
            }
        }
    }
}
