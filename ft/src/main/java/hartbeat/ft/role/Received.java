package hartbeat.ft.role;

import hartbeat.emulator.io.DiskStatus;
import hartbeat.ft.log.Batch;
import hartbeat.ft.log.EntrySupply;
import hartbeat.ft.log.LogEntry;
import hartbeat.ft.log.LogFormatException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The log as far as it has been received and not yet carried out; bounded by not reading on from the channel. */
final class Received implements EntrySupply {
    private static final int MAX_BYTES = 32 << 20;

    private final Deque<LogEntry> entries = new ArrayDeque<>();
    private final Deque<Arrived> batches = new ArrayDeque<>();
    /** Positions of completions that tell of a failure. */
    private final Deque<Long> failures = new ArrayDeque<>();

    private long position;
    private long icount;
    private long bytes;

    private record Arrived(long lastPosition, int bytes, long nanos) {}

    /** @throws LogFormatException if it is damaged or not the next */
    void add(byte[] batch, long nowNanos) {
        List<LogEntry> opened = Batch.open(batch, position + 1, icount);
        entries.addAll(opened);
        for (LogEntry entry : opened) {
            if (entry instanceof LogEntry.DiskCompleted completed && completed.status() != DiskStatus.OK) {
                failures.add(entry.position());
            }
        }
        position = opened.getLast().position();
        icount = opened.getLast().icount();
        bytes += batch.length;
        batches.add(new Arrived(position, batch.length, nowNanos));
    }

    /** Last position received. */
    long position() {
        return position;
    }

    /**
     * Up to where this side can vouch for the log. A request that the primary's disk has failed may have succeeded here; then the machine's
     * history is another from there on, so nothing may come out on this entry's account before the own completion is known.
     */
    long safePosition() {
        return failures.isEmpty() ? position : failures.getFirst() - 1;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    boolean full() {
        return bytes >= MAX_BYTES;
    }

    /** Age of the oldest batch that is not carried out. */
    long lagNanos(long nowNanos) {
        return batches.isEmpty() ? 0 : nowNanos - batches.getFirst().nanos();
    }

    @Override
    public @Nullable LogEntry peek() {
        return entries.peek();
    }

    @Override
    public void take() {
        long taken = entries.remove().position();
        if (!failures.isEmpty() && failures.getFirst() <= taken) {
            failures.removeFirst();
        }
        while (!batches.isEmpty() && batches.getFirst().lastPosition() <= taken) {
            bytes -= batches.removeFirst().bytes();
        }
    }
}
