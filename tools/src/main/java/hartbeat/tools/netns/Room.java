package hartbeat.tools.netns;

import hartbeat.devices.host.HostException;
import hartbeat.devices.host.posix.Posix;
import hartbeat.tools.lan.TapDevice;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A network namespace of its own. A thread stands in it: the sockets that it opens and the processes that it starts belong to the
 * namespace (namespaces are a thread's in Linux), which is gone when the last of them is.
 */
public final class Room implements AutoCloseable {
    private final String name;
    private final ExecutorService thread;

    private Room(String name) {
        this.name = name;
        thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("room " + name).factory());
    }

    /** @throws HostException if this process may not make namespaces */
    public static Room open(String name) throws HostException {
        Room room = new Room(name);
        try {
            room.inside(() -> {
                int result = Posix.unshare(Posix.CLONE_NEWNET);
                if (result < 0) {
                    throw new HostException(
                            "network namespace: " + Posix.message(-result),
                            "run as root, or: unshare -rn ./hartbeat ..");
                }
                TapDevice.up("lo", true);
                return true;
            });
        } catch (IOException e) {
            throw new HostException("room " + name + ": " + e.getMessage(), "is /dev/net/tun there?", e);
        }
        return room;
    }

    public String name() {
        return name;
    }

    /** Does something inside, and waits for it. */
    public <T> T inside(Callable<T> work) throws HostException, IOException {
        try {
            return thread.submit(work).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case HostException known -> throw known;
                case IOException known -> throw known;
                case RuntimeException known -> throw known;
                case null, default -> throw new IOException(e.getCause());
            }
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
