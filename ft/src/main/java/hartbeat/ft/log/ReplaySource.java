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
    private LogEntry.@Nullable End end;

    /** The replaying side's own copy of the disks. */
    @FunctionalInterface
    public interface LocalDisk {
        /** The completion of a request on the own copy, taken once; null while it is under way. */
        Input.@Nullable DiskCompletion take(int device, long request);

        /** For logs that hold the data themselves. */
        LocalDisk NONE = (_, _) -> null;
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
     * log is good all the same, and its guest was told of the failure; but the copies may differ from there on, and this one is the better.
     */
    public @Nullable String recorderFailing() {
        return recorderFailing;
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
                return new Step.RunTo(Math.min(entry.icount(), step.icount()), step.afterOutput());
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
        Input.DiskCompletion local = disk.take(entry.device(), entry.request());
        if (local == null) {
            return new Step.Wait(Step.FOREVER);
        }
        done(entry);
        inputs++;
        if (entry.status() != DiskStatus.OK) {
            if (local.status() == DiskStatus.OK && recorderFailing == null) {
                recorderFailing =
                        "disk %d, request %d: expected=OK (as on the backup's copy), actual=%s (the primary's), icount=%d, position=%d, hint: the primary's copy of the disk is failing"
                                .formatted(
                                        entry.device(),
                                        entry.request(),
                                        entry.status(),
                                        entry.icount(),
                                        entry.position());
            }
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
