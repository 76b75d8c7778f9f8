package hartbeat.lan;

import hartbeat.devices.virtio.net.VirtioNet;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Forwarding of a learning switch: to the port where an address was seen, otherwise to all others. */
final class Lan {
    private static final int HEADER_BYTES = 14;
    private static final long MAC_MASK = 0xffff_ffff_ffffL;
    private static final long GROUP_BIT = 1L << 40;

    private final MacTable table = new MacTable();
    private final List<LanPort> ports = new ArrayList<>();
    private long forwarded;
    private long flooded;
    private long malformed;

    void attach(LanPort port) {
        ports.add(port);
    }

    void detach(LanPort port) {
        ports.remove(port);
        table.forget(port);
    }

    /** A frame came in at {@code from}. */
    void receive(LanPort from, byte[] frame, long nowNanos) {
        if (frame.length < HEADER_BYTES || frame.length > VirtioNet.MAX_FRAME_BYTES) {
            malformed++;
            return;
        }
        ByteBuffer header = ByteBuffer.wrap(frame);
        long destination = header.getLong(0) >>> 16;
        long source = header.getLong(4) & MAC_MASK;
        if ((source & GROUP_BIT) == 0) {
            table.learn(source, from, nowNanos);
        }
        LanPort to = (destination & GROUP_BIT) != 0 ? null : table.lookUp(destination, nowNanos);
        if (to == null) {
            flooded++;
            for (LanPort port : ports) {
                if (!port.equals(from)) {
                    port.deliver(frame);
                }
            }
        } else if (!to.equals(from)) {
            forwarded++;
            to.deliver(frame);
        }
    }

    long forwarded() {
        return forwarded;
    }

    long flooded() {
        return flooded;
    }

    /** Frames too short for an Ethernet header, or too long for any network card. */
    long malformed() {
        return malformed;
    }
}
