package hartbeat.proof.world;

import hartbeat.devices.host.link.LinkEndpoint;
import hartbeat.devices.host.link.LinkFormatException;
import hartbeat.devices.host.link.LinkMessage;
import hartbeat.emulator.io.InputSink;
import hartbeat.lan.Switch;
import hartbeat.proof.fault.Ending;
import hartbeat.proof.fault.Seeded;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The connection of a process to the switch: the product's endpoint and the product's switch, with a slow wire between. */
final class SimLink {
    private static final long RECONNECT_NANOS = 100_000_000;
    private static final int OVERHEAD_BYTES = 4;

    private final String name;
    private final Supplier<@Nullable Switch> lan;
    private @Nullable Switch connected;
    private final LinkEndpoint endpoint;
    private final BooleanSupplier running;
    private final Pipe<byte[]> up;
    private final Pipe<byte[]> down;
    private int connection = -1;
    private long connectNanos;
    private boolean outgoing;
    private boolean dead;
    private boolean closing;
    private boolean draining;
    private @Nullable String failure;

    /** @param running whether the process's threads run now */
    SimLink(
            String name,
            Supplier<@Nullable Switch> lan,
            LinkMessage.Hello hello,
            InputSink sink,
            Runnable wake,
            BooleanSupplier running,
            Seeded random,
            long latencyNanos,
            long capacityBytes) {
        this.name = name;
        this.lan = lan;
        this.running = running;
        endpoint = new LinkEndpoint(hello, sink, () -> outgoing = true, wake);
        up = new Pipe<>(random, latencyNanos, latencyNanos, capacityBytes);
        down = new Pipe<>(random, latencyNanos, latencyNanos, capacityBytes);
    }

    LinkEndpoint endpoint() {
        return endpoint;
    }

    /** What the link could not read, or null. */
    @Nullable
    String failure() {
        return failure;
    }

    void latency(long nanos) {
        up.latency(nanos, nanos);
        down.latency(nanos, nanos);
    }

    void block(boolean value, long nowNanos) {
        if (value) {
            up.block(nowNanos);
            down.block(nowNanos);
        } else {
            up.heal(nowNanos);
            down.heal(nowNanos);
        }
    }

    long nextNanos() {
        if (connection < 0) {
            return dead || closing || !running.getAsBoolean() ? Pipe.NEVER : connectNanos;
        }
        long next = up.nextNanos();
        if (dead) {
            return next == Pipe.NEVER ? 0 : next;
        }
        if (running.getAsBoolean()) {
            next = Math.min(next, down.nextNanos());
            next = outgoing && up.hasRoom(1) ? 0 : next;
        }
        return next;
    }

    /** The connection is cut; it is made again after a while. */
    void cut(long nowNanos) {
        if (connection >= 0) {
            disconnect(nowNanos);
            up.clear();
            down.clear();
            endpoint.disconnect();
            connectNanos = nowNanos + RECONNECT_NANOS;
        }
    }

    private void disconnect(long nowNanos) {
        Switch from = connected;
        if (from != null) {
            from.disconnect(connection, nowNanos);
        }
        connected = null;
        connection = -1;
    }

    /** The process is gone. */
    void die(Ending ending, long nowNanos) {
        if (outgoing && (ending == Ending.KILL || ending == Ending.CUT)) {
            send(nowNanos);
        } else if (ending == Ending.POWER) {
            up.clear();
        }
        dead = ending != Ending.POWER;
        closing = true;
    }

    /** The process ends in good order once the switch has taken everything; until then a broken connection is made anew. */
    void drain() {
        draining = true;
        endpoint.flush();
    }

    /** Moves what is due; @return whether the switch was given anything */
    boolean run(long nowNanos) {
        if (connection < 0) {
            if (!dead && !closing && running.getAsBoolean() && nowNanos >= connectNanos) {
                connect(nowNanos);
            }
            return false;
        }
        boolean alive = !dead && running.getAsBoolean();
        if (alive) {
            if (outgoing) {
                send(nowNanos);
            }
            receive(nowNanos);
        }
        boolean given = give(nowNanos);
        if (draining && !closing && endpoint.drained()) {
            die(Ending.KILL, nowNanos);
        }
        if (dead && up.nextNanos() == Pipe.NEVER) {
            disconnect(nowNanos);
            return true;
        }
        return given;
    }

    private void connect(long nowNanos) {
        Switch to = lan.get();
        if (to == null) {
            connectNanos = nowNanos + RECONNECT_NANOS;
            return;
        }
        connected = to;
        connection = to.connect(name);
        endpoint.connect();
        outgoing = true;
    }

    /** Takes what the switch has for this connection. */
    void fetch(long nowNanos) {
        Switch from = connected;
        if (connection < 0 || from == null) {
            return;
        }
        while (down.hasRoom(1)) {
            byte[] payload = from.next(connection);
            if (payload == null) {
                return;
            }
            down.put(payload, payload.length + OVERHEAD_BYTES, nowNanos);
        }
    }

    private void send(long nowNanos) {
        if (connection < 0) {
            return;
        }
        while (up.hasRoom(1)) {
            byte[] payload = endpoint.next();
            if (payload == null) {
                outgoing = false;
                return;
            }
            up.put(payload, payload.length + OVERHEAD_BYTES, nowNanos);
        }
    }

    private boolean give(long nowNanos) {
        boolean given = false;
        Switch to = connected;
        if (to == null) {
            return false;
        }
        for (byte[] payload = up.poll(nowNanos); payload != null; payload = up.poll(nowNanos)) {
            given = true;
            if (!to.receive(connection, payload, nowNanos)) {
                failure = "the switch has dropped the link of " + name;
                return true;
            }
        }
        return given;
    }

    private void receive(long nowNanos) {
        for (byte[] payload = down.poll(nowNanos); payload != null; payload = down.poll(nowNanos)) {
            try {
                endpoint.received(payload);
            } catch (LinkFormatException e) {
                failure = "%s cannot read what the switch says: %s".formatted(name, e.getMessage());
                cut(nowNanos);
                return;
            }
        }
    }
}
