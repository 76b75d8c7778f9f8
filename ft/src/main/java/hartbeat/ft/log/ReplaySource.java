package hartbeat.ft.log;

import hartbeat.emulator.io.DiskStatus;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.machine.Stop;
import hartbeat.ft.run.Guest;
import hartbeat.ft.run.InputSource;
import hartbeat.ft.run.Pace;
import hartbeat.ft.run.Step;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Replays a log: each input at exactly its icount, each digest compared at its position. It never lets the machine run past the icount
 * of the last entry that it holds.
 * Steps are short, so that a caller who must also acknowledge gets its turn.
 */
public final class ReplaySource implements InputSource {
    private static final long FIRST_MIPS = 50;

    private final EntrySupply supply;
    private final LocalDisk disk;
    private final Pace pace = new Pace(FIRST_MIPS);
    private long runNanos = -1;
    private long runIcount;
    private long position;
    private long digestsCompared;
    private long inputs;
    private @Nullable String divergence;
    private @Nullable String failure;
    private @Nullable String recorderFailing;
    private boolean takesFailures;
    private LogEntry.@Nullable End end;

    /** The replaying side's own copy of the disks. */
    public interface LocalDisk {
        /** The completion of a request on the own copy, without taking it; null while it is under way. */
        Input.@Nullable DiskCompletion peek(int device, long request);

        /** Takes the completion that {@link #peek} showed: the log has one for that request. */
        void take(int device, long request);

        /** For logs that hold the data themselves. */
        LocalDisk NONE = new LocalDisk() {
            @Override
            public Input.@Nullable DiskCompletion peek(int device, long request) {
                return null;
            }

            @Override
            public void take(int device, long request) {
                throw new IllegalStateException("expected=a log that holds the data, actual=request " + request);
            }
        };
    }

    public ReplaySource(EntrySupply supply, LocalDisk disk) {
        this.supply = supply;
        this.disk = disk;
    }

    /** Last position that was carried out. */
    public long position() {
        return position;
    }

    /** Inputs applied so far. */
    public long inputs() {
        return inputs;
    }

    public long digestsCompared() {
        return digestsCompared;
    }

    /** In what this machine differs from the recorded one; null as long as it does not. Nothing is replayed after. */
    public @Nullable String divergence() {
        return divergence;
    }

    /** Why this side cannot replay, though the log is good; null as long as it can. */
    public @Nullable String failure() {
        return failure;
    }

    /**
     * A request that the recording side's disk has failed and this side's own copy has not, the first of them; null as long as there is none. The
     * copies may differ from there on, and this one is the better. So nothing is replayed from that completion on: what is read after it need
     * not be what this copy holds. Who goes live here tells the guest of the own copy's completion instead.
     */
    public @Nullable String recorderFailing() {
        return recorderFailing;
    }

    /** From now on what the recording side's disk alone has failed is replayed as well, as far as the copies agree. */
    public void takeFailures() {
        takesFailures = true;
    }

    /** Set when the recording's end was reached. */
    public LogEntry.@Nullable End end() {
        return end;
    }

    @Override
    public Step next(Guest guest, Stop last, long nowNanos) {
        if (runNanos >= 0) {
            pace.ran(guest.icount() - runIcount, nowNanos - runNanos);
            runNanos = -1;
        }
        while (divergence == null && failure == null && end == null) {
            LogEntry entry = supply.peek();
            if (entry == null) {
                break;
            }
            if (guest.icount() < entry.icount()) {
                if (last == Stop.IDLE || last == Stop.OFF) {
                    diverged(entry, "machine is %s at icount %d".formatted(last, guest.icount()));
                    break;
                }
                runNanos = nowNanos;
                runIcount = guest.icount();
                Step.RunTo step = pace.step(runIcount);
                // What is left to the entry is worth no step of its own.
                boolean toEntry = entry.icount() - step.icount() < step.afterOutput();
                return new Step.RunTo(toEntry ? entry.icount() : step.icount(), step.afterOutput());
            }
            if (guest.icount() > entry.icount()) {
                diverged(entry, "machine is past it, at icount %d".formatted(guest.icount()));
                break;
            }
            Step step = carryOut(guest, entry);
            if (step != null) {
                return step;
            }
        }
        return new Step.Wait(Step.FOREVER);
    }

    /** Null if there is nothing for the machine to do. */
    private @Nullable Step carryOut(Guest guest, LogEntry entry) {
        switch (entry) {
            case LogEntry.Applied applied -> {
                done(entry);
                if (applied.input() instanceof Input.ToDevice) {
                    pace.stirred();
                }
                inputs++;
                return new Step.Apply(applied.input());
            }
            case LogEntry.DiskCompleted completed -> {
                return complete(completed);
            }
            case LogEntry.Marker _ -> done(entry);
            case LogEntry.DigestCheck check -> compare(guest, check);
            case LogEntry.End last -> {
                done(entry);
                end = last;
            }
        }
        return null;
    }

    private @Nullable Step complete(LogEntry.DiskCompleted entry) {
        Input.DiskCompletion local = disk.peek(entry.device(), entry.request());
        if (local == null) {
            return new Step.Wait(Step.FOREVER);
        }
        if (entry.status() != DiskStatus.OK && local.status() == DiskStatus.OK) {
            noteFailure(entry);
            if (!takesFailures) {
                return new Step.Wait(Step.FOREVER);
            }
        }
        disk.take(entry.device(), entry.request());
        done(entry);
        inputs++;
        if (entry.status() != DiskStatus.OK) {
            return new Step.Apply(
                    new Input.DiskCompletion(entry.device(), entry.request(), entry.status(), new byte[0]));
        }
        if (local.status() != DiskStatus.OK) {
            failure =
                    "disk %d, request %d: expected=OK (the log's), actual=%s (own copy), icount=%d, position=%d, hint: this side's copy of the disk is failing"
                            .formatted(
                                    entry.device(), entry.request(), local.status(), entry.icount(), entry.position());
            return new Step.Wait(Step.FOREVER);
        }
        int crc = Batch.crc(local.data(), 0, local.data().length);
        if (crc != entry.dataCrc() || local.data().length != entry.dataBytes()) {
            if (recorderFailing != null) {
                failure = "the copies differ: " + recorderFailing;
                return new Step.Wait(Step.FOREVER);
            }
            diverged(
                    entry,
                    "disk %d, request %d: data expected=%d bytes with CRC32C %08x, actual=%d bytes with %08x"
                            .formatted(
                                    entry.device(),
                                    entry.request(),
                                    entry.dataBytes(),
                                    entry.dataCrc(),
                                    local.data().length,
                                    crc));
            return new Step.Wait(Step.FOREVER);
        }
        return new Step.Apply(local);
    }

    private void noteFailure(LogEntry.DiskCompleted entry) {
        if (recorderFailing == null) {
            recorderFailing =
                    "disk %d, request %d: expected=OK (as on the backup's copy), actual=%s (the primary's), icount=%d, position=%d, hint: the primary's copy of the disk is failing"
                            .formatted(
                                    entry.device(), entry.request(), entry.status(), entry.icount(), entry.position());
        }
    }

    private void compare(Guest guest, LogEntry.DigestCheck check) {
        List<String> differences = check.digest().differences(guest.digest());
        if (differences.isEmpty()) {
            done(check);
            digestsCompared++;
        } else {
            diverged(check, "digest differs in " + String.join("; ", differences));
        }
    }

    private void done(LogEntry entry) {
        position = entry.position();
        supply.take();
    }

    private void diverged(LogEntry entry, String what) {
        divergence = "divergence: %s, icount=%d, position=%d".formatted(what, entry.icount(), entry.position());
    }
}
