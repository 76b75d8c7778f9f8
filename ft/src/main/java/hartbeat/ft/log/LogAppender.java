package hartbeat.ft.log;

import hartbeat.emulator.io.Input;
import hartbeat.ft.run.DiskMode;
import hartbeat.ft.run.StateDigest;
import org.jspecify.annotations.Nullable;

/** Gives entries their positions and gathers them into batches. */
public final class LogAppender {
    private final DiskMode disk;
    private final EntryCodec codec = new EntryCodec();
    private final VarintWriter entries = new VarintWriter();
    private long nextPosition = 1;
    private long icount;
    private long firstPosition;
    private long firstIcount;
    private long firstNanos;
    private int count;

    /** @param disk whether disk completions go without their data (replicated) or with it (shared) */
    public LogAppender(DiskMode disk) {
        this.disk = disk;
    }

    /** Whether disk completions go with their data. */
    public DiskMode disk() {
        return disk;
    }

    /** Position that the next entry will have. */
    public long nextPosition() {
        return nextPosition;
    }

    /** Entries that no batch has taken yet. */
    public int waiting() {
        return count;
    }

    public int waitingBytes() {
        return entries.length();
    }

    /** When the oldest waiting entry was appended. */
    public long waitingSinceNanos() {
        return firstNanos;
    }

    public long input(long atIcount, Input input, long nowNanos) {
        if (disk == DiskMode.REPLICATED && input instanceof Input.DiskCompletion completion) {
            byte[] data = completion.data();
            return append(
                    new LogEntry.DiskCompleted(
                            nextPosition,
                            atIcount,
                            completion.device(),
                            completion.request(),
                            completion.status(),
                            data.length,
                            Batch.crc(data, 0, data.length)),
                    nowNanos);
        }
        return append(new LogEntry.Applied(nextPosition, atIcount, input), nowNanos);
    }

    public long marker(long atIcount, long nowNanos) {
        return append(new LogEntry.Marker(nextPosition, atIcount), nowNanos);
    }

    public long digest(StateDigest digest, long nowNanos) {
        return append(new LogEntry.DigestCheck(nextPosition, digest.icount(), digest), nowNanos);
    }

    public long end(long atIcount, String reason, long nowNanos) {
        return append(new LogEntry.End(nextPosition, atIcount, reason), nowNanos);
    }

    /** What waits, as a batch, or null if nothing does. */
    public byte @Nullable [] take() {
        if (count == 0) {
            return null;
        }
        byte[] batch = Batch.seal(firstPosition, count, firstIcount, entries);
        count = 0;
        entries.clear();
        return batch;
    }

    private long append(LogEntry entry, long nowNanos) {
        LogEntry.check(entry, nextPosition, icount);
        if (count == 0) {
            firstPosition = nextPosition;
            firstIcount = entry.icount();
            firstNanos = nowNanos;
            codec.begin(firstIcount);
        }
        codec.write(entries, entry);
        icount = entry.icount();
        count++;
        return nextPosition++;
    }
}
