package hartbeat.devices.host.disk;

import hartbeat.emulator.io.DiskStatus;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.InputSink;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The sink of a backup's disks in replicated mode. The log holds completions without what was read; this side has executed the same
 * requests on its own copy and fills the data in. Nothing here waits: a completion that is not there yet is asked for again.
 *
 * <p>At promotion what was completed here but is in no log is simply the next input: see {@link #unlogged}. Safe for the disks'
 * threads and the machine's.
 */
public final class LocalReads implements InputSink {
    private static final int CAPACITY = 4096;

    private final Map<Integer, Queue<Input.DiskCompletion>> waiting = new TreeMap<>();
    private final Runnable wake;
    private int size;

    /** @param wake called from a disk's thread when a completion has come in */
    public LocalReads(Runnable wake) {
        this.wake = wake;
    }

    @Override
    public boolean offer(Input input) {
        if (!(input instanceof Input.DiskCompletion completion)) {
            throw new IllegalArgumentException("expected=DiskCompletion, actual=" + input);
        }
        synchronized (this) {
            if (size >= CAPACITY) {
                return false;
            }
            size++;
            waiting.computeIfAbsent(completion.device(), device -> new ArrayDeque<>())
                    .add(completion);
        }
        wake.run();
        return true;
    }

    /**
     * Fills in what the log left out.
     *
     * @param logged the completion as the log has it, in the log's order for each disk
     * @return the completion to apply, or null if the own copy is not that far yet
     * @throws LocalDiskFault if the own copy can no longer follow
     */
    public synchronized Input.@Nullable DiskCompletion fill(Input.DiskCompletion logged) throws LocalDiskFault {
        Queue<Input.DiskCompletion> queue = waiting.get(logged.device());
        Input.DiskCompletion local = queue == null ? null : queue.peek();
        if (queue == null || local == null) {
            return null;
        }
        if (local.request() != logged.request()) {
            throw new LocalDiskFault("disk of device " + logged.device() + ": expected=completion of request "
                    + local.request() + ", actual=request " + logged.request());
        }
        if (local.status() != logged.status()) {
            throw new LocalDiskFault("disk of device " + logged.device() + ", request " + logged.request()
                    + ": expected=" + logged.status() + " as on the primary, actual=" + local.status()
                    + " here; the copies differ, hint: mend this host's storage and start a new backup");
        }
        take(queue);
        return logged.status() == DiskStatus.OK ? local : logged;
    }

    /** The next completion that no log holds, for a side that has gone live; null if there is none now. */
    public synchronized Input.@Nullable DiskCompletion unlogged(int device) {
        Queue<Input.DiskCompletion> queue = waiting.get(device);
        return queue == null || queue.isEmpty() ? null : take(queue);
    }

    /** Like {@link #unlogged}, without taking it. */
    public synchronized Input.@Nullable DiskCompletion peek(int device) {
        Queue<Input.DiskCompletion> queue = waiting.get(device);
        return queue == null ? null : queue.peek();
    }

    private Input.DiskCompletion take(Queue<Input.DiskCompletion> queue) {
        size--;
        return queue.remove();
    }
}
