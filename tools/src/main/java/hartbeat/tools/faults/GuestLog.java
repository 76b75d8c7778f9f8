package hartbeat.tools.faults;

import hartbeat.devices.host.HostException;
import hartbeat.devices.host.link.LinkAddress;
import hartbeat.tools.lan.ConsoleClient;
import hartbeat.tools.netns.Room;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Somebody at the guest's console, who sees every byte, once and in order. A switch that is started anew has forgotten what was printed; a new
 * part begins there.
 */
final class GuestLog implements AutoCloseable {
    private static final long RETRY_NANOS = 20_000_000;

    private final Room room;
    private final LinkAddress hub;
    private final List<ByteArrayOutputStream> parts = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private final Thread thread;
    private volatile @Nullable ConsoleClient client;
    private volatile boolean off;
    private volatile boolean closed;

    GuestLog(Room room, LinkAddress hub) {
        this.room = room;
        this.hub = hub;
        thread = Thread.ofPlatform().daemon().name("console log").start(this::attend);
    }

    private void attend() {
        while (!closed) {
            ConsoleClient now = client;
            if (off || (now != null && !now.ended())) {
                LockSupport.parkNanos(RETRY_NANOS);
                continue;
            }
            try {
                client = room.inside(() -> ConsoleClient.connect(hub, "", -1, new Reader()));
            } catch (HostException | IOException e) {
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
        ConsoleClient last = client;
        if (last != null) {
            last.close();
        }
    }

    private final class Reader implements ConsoleClient.Listener {
        private final ByteArrayOutputStream part = new ByteArrayOutputStream();
        private long next = -1;

        Reader() {
            synchronized (parts) {
                parts.add(part);
            }
        }

        @Override
        public void printed(long position, byte[] bytes) {
            synchronized (parts) {
                if (next >= 0 && position != next) {
                    complaints.add("console: expected=position %d, actual=%d".formatted(next, position));
                }
                next = position + bytes.length;
                part.writeBytes(bytes);
            }
        }

        @Override
        public void off() {
            off = true;
        }
    }

    /** Types; false if nobody is there to be typed for. */
    boolean type(String text) {
        ConsoleClient now = client;
        return now != null && !now.ended() && now.type(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** What was printed: a text for each switch that it came by. */
    List<String> parts() {
        synchronized (parts) {
            return parts.stream()
                    .map(part -> part.toString(StandardCharsets.ISO_8859_1))
                    .filter(text -> !text.isEmpty())
                    .toList();
        }
    }

    boolean contains(String text) {
        return parts().stream().anyMatch(part -> part.contains(text));
    }

    /** What was wrong with the way in which it came. */
    List<String> complaints() {
        synchronized (parts) {
            return List.copyOf(complaints);
        }
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
}
