package hartbeat.tools.lan;

import hartbeat.devices.host.HostException;
import hartbeat.lan.Switch;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** A tap interface of the host as a foreign member. A thread reads it; the switch's thread does everything else. */
final class TapUplink implements AutoCloseable {
    private static final int QUEUE_FRAMES = 1024;

    private final Switch lan;
    private final int connection;
    private final BlockingQueue<byte[]> received = new ArrayBlockingQueue<>(QUEUE_FRAMES);
    private final TapDevice device;

    private TapUplink(SwitchOptions.Tap options, Switch lan, Runnable wake) throws HostException {
        this.lan = lan;
        device = TapDevice.open(options.name(), options.address(), frame -> {
            if (received.offer(frame)) {
                wake.run();
            }
        });
        connection = lan.connect("tap " + options.name());
    }

    /**
     * Creates the interface (or opens a persistent one), gives it its address and switches it on.
     *
     * @throws HostException if the host has no tun driver or the user no right to it
     */
    static TapUplink open(SwitchOptions.Tap options, Switch lan, Runnable wake) throws HostException {
        return new TapUplink(options, lan, wake);
    }

    /** Hands what was read to the switch; on the switch's thread. */
    void receive(long nowNanos) {
        for (byte[] frame = received.poll(); frame != null; frame = received.poll()) {
            lan.receive(connection, frame, nowNanos);
        }
    }

    /** Writes what the switch has; a frame that the kernel has no room for is lost. */
    void flush() {
        for (byte[] frame = lan.next(connection); frame != null; frame = lan.next(connection)) {
            device.write(frame);
        }
    }

    @Override
    public void close() {
        device.close();
    }
}
