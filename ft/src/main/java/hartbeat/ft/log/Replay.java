package hartbeat.ft.log;

import hartbeat.emulator.io.Emission;
import hartbeat.ft.run.Guest;
import hartbeat.ft.run.Outlet;
import hartbeat.ft.run.Role;
import hartbeat.ft.run.RunLoop;
import hartbeat.ft.run.Step;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Post-mortem: replays a recording as fast as the machine can; outputs are only looked at. */
public final class Replay implements Role {
    private final Guest guest;
    private final ReplaySource source;
    private final EntrySupply supply;
    private final RunLoop loop;
    private final Consumer<Emission> watcher;
    private @Nullable Outcome outcome;

    /** @param watcher is shown every output again */
    public Replay(Guest guest, EntrySupply supply, ReplaySource.LocalDisk disk, Consumer<Emission> watcher) {
        this.guest = guest;
        this.supply = supply;
        this.watcher = watcher;
        this.source = new ReplaySource(supply, disk);
        Outlet outlet = this::seen;
        this.loop = new RunLoop(guest, source, outlet);
    }

    public long position() {
        return source.position();
    }

    public long digestsCompared() {
        return source.digestsCompared();
    }

    @Override
    public long poll(long nowNanos) {
        if (outcome != null) {
            return Step.FOREVER;
        }
        long next = loop.poll(nowNanos);
        String divergence = source.divergence();
        String failure = source.failure();
        LogEntry.End end = source.end();
        if (divergence != null) {
            outcome = new Outcome(Outcome.DIVERGED, divergence);
        } else if (failure != null) {
            outcome = new Outcome(Outcome.FAILED, failure);
        } else if (end != null || supply.peek() == null) {
            outcome = new Outcome(
                    Outcome.DONE,
                    "replayed to icount %d, position %d: %d inputs, %d digests equal; %s"
                            .formatted(
                                    guest.icount(),
                                    source.position(),
                                    source.inputs(),
                                    source.digestsCompared(),
                                    end == null ? "the log goes no further" : end.reason()));
        }
        return next;
    }

    @Override
    public @Nullable Outcome outcome() {
        return outcome;
    }

    private void seen(Emission emission, long nowNanos) {
        watcher.accept(emission);
    }
}
