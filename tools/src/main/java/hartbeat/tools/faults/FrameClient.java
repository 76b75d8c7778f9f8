package hartbeat.tools.faults;

import hartbeat.devices.host.HostException;
import hartbeat.devices.host.link.FramedChannel;
import hartbeat.devices.host.link.LinkCodec;
import hartbeat.devices.host.link.LinkFormatException;
import hartbeat.proof.guest.ServiceModel;
import hartbeat.tools.netns.Room;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A member of the LAN that asks the guest {@code service} without pause, over TCP to the switch, and checks each answer. When the switch is gone it
 * comes back, as soon as there is one again, and finds out what was lost.
 */
final class FrameClient implements Load {
    private static final byte[] EVERYBODY = HexFormat.of().parseHex("ffffffffffff");
    private static final byte[] OWN = HexFormat.of().parseHex("525400000002");
    private static final int WINDOW = 4;
    private static final int MOST_FILLING = 60;
    private static final long PERIOD_NANOS = 4_000_000;
    /** While it is unknown whether the guest can be reached. */
    private static final long UNSURE_PERIOD_NANOS = 200_000_000;

    private static final long IDLE_NANOS = 500_000;
    private static final long RETRY_NANOS = 20_000_000;
    private static final int CONNECT_MILLIS = 1_000;

    private final Room room;
    private final InetSocketAddress lanSwitch;
    private final ServiceModel model = new ServiceModel(EVERYBODY, OWN);
    private final Random random;
    private final Queue<byte[]> toSend = new ArrayDeque<>();
    private final Thread thread;
    private @Nullable SocketChannel socket;
    private @Nullable FramedChannel framed;
    /** Answers up to this request do not show that the network is whole again. */
    private long unsureUntil = -1;

    private long nextNanos;
    private volatile boolean stopping;
    private volatile boolean closed;

    FrameClient(Room room, InetSocketAddress lanSwitch, long seed) {
        this.room = room;
        this.lanSwitch = lanSwitch;
        random = new Random(seed);
        thread = Thread.ofPlatform().daemon().name("frames").start(this::work);
    }

    @Override
    public synchronized long answered() {
        return model.answered();
    }

    @Override
    public synchronized List<String> complaints() {
        return model.complaints();
    }

    /** What is wrong with an image of the guest's disk. */
    synchronized List<String> diskViolations(byte[] image) {
        return model.diskViolations(image);
    }

    @Override
    public boolean finish(long timeoutMillis) {
        stopping = true;
        Patience patience = new Patience(timeoutMillis);
        while (open() > 0 && !patience.over()) {
            LockSupport.parkNanos(IDLE_NANOS);
        }
        return open() == 0;
    }

    private synchronized int open() {
        return model.open();
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        while (!closed) {
            try {
                FramedChannel channel = framed;
                if (channel == null) {
                    connect();
                } else if (!step(channel)) {
                    disconnect();
                }
            } catch (IOException | HostException | LinkFormatException e) {
                disconnect();
            }
        }
        quietly();
    }

    private void connect() throws IOException, HostException {
        SocketChannel opened = room.inside(() -> {
            SocketChannel channel = SocketChannel.open();
            try {
                channel.socket().connect(lanSwitch, CONNECT_MILLIS);
                return channel;
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        });
        opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
        opened.configureBlocking(false);
        socket = opened;
        framed = new FramedChannel(opened, LinkCodec.MAX_FRAME_BYTES);
    }

    private void disconnect() {
        boolean was = framed != null;
        quietly();
        if (was) {
            synchronized (this) {
                toSend.clear();
                model.mayLose();
                unsureUntil = model.sent();
            }
        }
        LockSupport.parkNanos(RETRY_NANOS);
    }

    private void quietly() {
        SocketChannel old = socket;
        socket = null;
        framed = null;
        if (old != null) {
            try {
                old.close();
            } catch (IOException e) {
                // It is being left anyway.
            }
        }
    }

    private boolean step(FramedChannel channel) throws IOException, LinkFormatException {
        boolean open = channel.read(this::received);
        ask();
        boolean full = channel.write(toSend::poll);
        LockSupport.parkNanos(full ? RETRY_NANOS : IDLE_NANOS);
        return open;
    }

    private synchronized void received(byte[] frame) {
        if (model.concerns(frame)) {
            long number = model.answer(frame);
            if (number > unsureUntil) {
                unsureUntil = -1;
            }
        }
    }

    private synchronized void ask() {
        long now = System.nanoTime();
        boolean unsure = unsureUntil >= 0;
        boolean enough = unsure ? stopping && model.open() == 0 : stopping || model.open() >= WINDOW;
        if (enough || now < nextNanos) {
            return;
        }
        nextNanos = now + (unsure ? UNSURE_PERIOD_NANOS : PERIOD_NANOS);
        byte[] filling = new byte[random.nextInt(MOST_FILLING)];
        random.nextBytes(filling);
        toSend.add(model.request(filling));
        if (unsure) {
            model.mayLose();
        }
    }
}
