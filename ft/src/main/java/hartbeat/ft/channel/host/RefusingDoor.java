package hartbeat.ft.channel.host;

import hartbeat.ft.channel.Message;
import hartbeat.ft.channel.MessageCodec;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Beside a pair that runs: whoever else connects is told at once that it is not taken, and why, instead of waiting for a greeting. One after the
 * other, so that strangers cost a thread and no more; nothing that they say is believed or answered otherwise.
 */
public final class RefusingDoor implements AutoCloseable {
    private static final int FAREWELL_MILLIS = 1_000;
    private static final int FAREWELL_READS = 4;
    private static final long RETRY_NANOS = 100_000_000;

    private final TcpListener listener;
    private final Supplier<String> why;
    private final Consumer<String> told;

    /**
     * Opens it.
     *
     * @param listener closed with this
     * @param why for the peer's user, asked anew for each
     * @param told takes a line on each that was refused, on a thread of this
     */
    public RefusingDoor(TcpListener listener, Supplier<String> why, Consumer<String> told) {
        this.listener = listener;
        this.why = why;
        this.told = told;
        Thread.ofPlatform().daemon().name("door").start(this::serve);
    }

    private void serve() {
        while (listener.isOpen()) {
            try (SocketChannel peer = listener.acceptSocket()) {
                refuse(peer);
            } catch (IOException e) {
                // This one has gone itself, or the process has no room for it; the next may fare better.
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    private void refuse(SocketChannel peer) throws IOException {
        String reason = why.get();
        told.accept("a peer at %s was refused: %s".formatted(TcpChannel.address(peer), reason));
        // Shorter than any socket's buffer.
        ByteBuffer frame = ByteBuffer.wrap(MessageCodec.encode(new Message.Refused(reason)));
        while (frame.hasRemaining()) {
            peer.write(frame);
        }
        peer.shutdownOutput();
        awaitFarewell(peer.socket());
    }

    /** A connection that is closed before the peer's first words were read is reset, and what was just sent may be lost with it. */
    private static void awaitFarewell(Socket peer) throws IOException {
        peer.setSoTimeout(FAREWELL_MILLIS);
        byte[] unread = new byte[MessageCodec.MAX_STRANGER_BYTES];
        for (int i = 0; i < FAREWELL_READS && peer.getInputStream().read(unread) >= 0; i++) {}
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
