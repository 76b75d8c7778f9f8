package hartbeat.ft.role;

import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.ft.arbiter.Arbiter;
import hartbeat.ft.arbiter.Arbitration;
import hartbeat.ft.gate.Gate;
import hartbeat.ft.run.Guest;
import hartbeat.ft.run.HostPort;
import hartbeat.ft.run.LiveInputs;
import hartbeat.ft.run.Outcomes;
import hartbeat.ft.run.Outlet;
import hartbeat.ft.run.OutputKind;
import hartbeat.ft.run.RecordingSource;
import hartbeat.ft.run.Role;
import hartbeat.ft.run.RunLoop;
import hartbeat.ft.run.Step;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A live machine of a pair: as a primary with a backup, or alone. */
public final class Live implements Role {
    /** Outputs that leave in one piece at most: the first is not to wait for a thousandth. */
    private static final int FLUSH_OUTPUTS = 32;

    private static final long LOOK_NANOS = 100_000_000;
    private static final long FAREWELL_NANOS = 1_000_000_000;
    /** How long a side that ends waits for the arbiter. */
    private static final long ANSWER_NANOS = 1_000_000_000;

    private enum Phase {
        PROTECTED,
        DECIDING,
        ALONE,
        LEAVING
    }

    private final Settings settings;
    private final Guest guest;
    private final HostPort host;
    private final Arbitration arbitration;
    private final Gate gate;
    private final LiveInputs inputs;
    private final Tickets tickets;
    private final Outstanding outstanding;
    private final RunLoop loop;
    private final @Nullable Peer peer;
    private final Meter speed = new Meter();
    private final Meter logRate = new Meter();
    private @Nullable Protection protection;
    private Phase phase;
    private long generation;
    private boolean begun;
    private long flushedCount;
    private long lookNanos;
    private long notBeforeNanos;
    private long runSinceNanos = -1;
    private long leaveByNanos;
    /** Whether the backup may have taken over unheard, and would run on: then the arbiter has the last word on how this side ends. */
    private boolean mustKnowSuccessor;

    private boolean looksForSuccessor;
    private List<Output.FromDevice> reissue = List.of();
    private @Nullable Outcome leaving;
    private @Nullable Outcome outcome;

    private Live(
            Settings settings,
            Guest guest,
            HostPort host,
            Arbitration arbitration,
            long generation,
            @Nullable Peer peer,
            LiveInputs inputs,
            Outstanding outstanding,
            long[] tickets) {
        this.settings = settings;
        this.guest = guest;
        this.host = host;
        this.arbitration = arbitration;
        this.generation = generation;
        this.peer = peer;
        this.inputs = inputs;
        this.outstanding = outstanding;
        this.tickets = new Tickets(tickets, true);
        this.gate = new Gate(settings.outputRule(), host::delivered);
        this.phase = peer == null ? Phase.ALONE : Phase.PROTECTED;
        this.loop = new RunLoop(guest, new RecordingSource(inputs, this::applying), new Outputs());
        if (peer == null) {
            gate.open();
        }
    }

    /**
     * A primary whose backup is at the same first state.
     *
     * @param generation that this side has won
     */
    public static Live primary(
            Settings settings,
            Guest guest,
            HostPort host,
            Arbiter arbiter,
            long generation,
            Peer peer,
            Input.WallClock wallClock) {
        return new Live(
                settings,
                guest,
                host,
                new Arbitration(arbiter, settings.claimant()),
                generation,
                peer,
                new LiveInputs(host, wallClock),
                new Outstanding(),
                new long[0]);
    }

    /** A machine that was a backup's, at the end of the log. */
    static Live promoted(
            Settings settings,
            Guest guest,
            HostPort host,
            Arbitration arbitration,
            long generation,
            Outstanding outstanding,
            long[] tickets,
            List<Input> first,
            List<Emission> doubtful,
            List<Output.FromDevice> reissue) {
        Live live = new Live(
                settings,
                guest,
                host,
                arbitration,
                generation,
                null,
                new LiveInputs(host, null, tickets, first),
                outstanding,
                tickets);
        doubtful.forEach(emission -> live.gate.hold(emission, 0));
        live.reissue = List.copyOf(reissue);
        return live;
    }

    /**
     * The user wants to stop: the backup is told that nobody is to take over. If it has done so already, or may have, this side asks the
     * arbiter before it ends, and ends as fenced if it was succeeded.
     */
    public void stop(String reason, long nowNanos) {
        if (phase == Phase.LEAVING) {
            return;
        }
        mustKnowSuccessor = phase != Phase.ALONE;
        leave(new Outcome(Outcome.DONE, reason), nowNanos);
        if (arbitration.claiming()) {
            leaveByNanos = nowNanos + ANSWER_NANOS;
        }
    }

    @Override
    public @Nullable Outcome outcome() {
        return outcome;
    }

    /** Leadership term that this side has won. */
    public long generation() {
        return generation;
    }

    @Override
    public long poll(long nowNanos) {
        if (outcome != null) {
            return Step.FOREVER;
        }
        begin(nowNanos);
        Protection pair = protection;
        if (pair != null) {
            pair.hear(nowNanos);
            weigh(pair, nowNanos);
        }
        arbitrate(nowNanos);
        if (outcome != null) {
            return Step.FOREVER;
        }
        if (release(nowNanos)) {
            return nowNanos;
        }
        if (digestIsDue(nowNanos)) {
            return nowNanos;
        }
        long next = run(nowNanos);
        if (protection != null && phase == Phase.PROTECTED) {
            protection.send(guest, generation, nowNanos);
            next = Math.min(next, protection.nextNanos(guest));
        } else if (protection != null && phase == Phase.LEAVING) {
            protection.leave(generation, nowNanos);
            next = Math.min(next, protection.leaveAtNanos());
        } else {
            discardLog();
        }
        if (phase == Phase.ALONE) {
            release(nowNanos);
            endIfOff(nowNanos);
        }
        speed.see(guest.icount(), nowNanos);
        next = Math.min(next, arbitration.nextNanos(nowNanos));
        return phase == Phase.LEAVING ? Math.min(next, leaveByNanos) : next;
    }

    private void begin(long nowNanos) {
        if (begun) {
            return;
        }
        begun = true;
        if (peer != null) {
            protection = new Protection(peer, gate, settings, nowNanos);
        }
        host.live(generation, tickets.applied(guest.devices()));
        reissue.forEach(request -> host.request(generation, request));
        reissue = List.of();
    }

    /** What was heard of the backup and of others. */
    private void weigh(Protection pair, long nowNanos) {
        tickets.acknowledged(pair.acknowledged(), host);
        if (phase == Phase.LEAVING && pair.lost() != null && !looksForSuccessor && !arbitration.claiming()) {
            mustKnowSuccessor &= !pair.endedTogether();
            leaveByNanos = Math.min(leaveByNanos, nowNanos);
        }
        if (phase != Phase.PROTECTED) {
            return;
        }
        if (pair.peerGeneration() > generation || host.fencedBy() > generation) {
            arbitration.look();
        }
        String lost = pair.lost();
        if (lost != null) {
            phase = Phase.DECIDING;
            pair.close(lost);
            settings.notices().accept("%s; claiming generation %d to go on alone".formatted(lost, generation + 1));
            host.claiming(generation + 1);
            arbitration.claim(generation + 1);
        }
    }

    private void arbitrate(long nowNanos) {
        if (phase == Phase.ALONE && host.fencedBy() > generation) {
            arbitration.look();
        }
        Arbiter.Answer answer = arbitration.poll(nowNanos);
        switch (answer) {
            case null -> {}
            case Arbiter.Won won when phase == Phase.LEAVING -> endAsHolder(won.generation());
            case Arbiter.Won won -> goOnAlone(won.generation());
            case Arbiter.Lost lost -> fenced(lost.generation(), lost.holder());
            case Arbiter.Highest highest -> {
                lookNanos = nowNanos + LOOK_NANOS;
                if (highest.generation() > generation) {
                    fenced(highest.generation(), highest.holder());
                } else if (looksForSuccessor) {
                    outcome = leaving;
                }
            }
            case Arbiter.Unreachable _ -> {}
        }
        if (phase == Phase.LEAVING && outcome == null && nowNanos >= leaveByNanos) {
            end(nowNanos);
        }
    }

    /** Time to end; unless the backup may have succeeded this side, which the arbiter knows. */
    private void end(long nowNanos) {
        if (!mustKnowSuccessor) {
            outcome = leaving;
        } else if (looksForSuccessor || arbitration.claiming()) {
            outcome = new Outcome(
                    Outcome.FAILED,
                    "stopped without an answer of the arbiter, generation=%d, hint: see whether the backup has taken over"
                            .formatted(generation));
        } else {
            looksForSuccessor = true;
            leaveByNanos = nowNanos + ANSWER_NANOS;
            arbitration.look();
        }
    }

    /** The claim that was out when the user stopped this side: nobody else is live, and the disks are those of its holder. */
    private void endAsHolder(long won) {
        generation = won;
        host.live(generation, tickets.applied(guest.devices()));
        outcome = leaving;
    }

    private void goOnAlone(long won) {
        generation = won;
        phase = Phase.ALONE;
        protection = null;
        gate.open();
        host.live(generation, tickets.applied(guest.devices()));
        tickets.acknowledged(Long.MAX_VALUE, host);
        settings.notices().accept("generation %d is ours; going on alone, unprotected".formatted(won));
    }

    private void fenced(long higher, String holder) {
        outcome = new Outcome(
                Outcome.FENCED,
                "fenced: generation expected=%d (ours), actual=%d, held by %s, icount=%d, held outputs dropped=%d"
                        .formatted(generation, higher, holder, guest.icount(), gate.heldCount()));
        if (protection != null) {
            protection.close("fenced");
        }
    }

    private boolean digestIsDue(long nowNanos) {
        Protection pair = protection;
        if (pair == null || phase != Phase.PROTECTED || !pair.digests().due(guest.icount(), nowNanos)) {
            return false;
        }
        pair.log().digest(guest.digest(), nowNanos);
        pair.logged(guest.icount(), nowNanos);
        pair.digests().taken(guest.icount(), nowNanos);
        return true;
    }

    private long run(long nowNanos) {
        Protection pair = protection;
        if (pair != null && runSinceNanos >= 0) {
            notBeforeNanos = nowNanos + pair.flow().restNanos(nowNanos - runSinceNanos, nowNanos);
        }
        runSinceNanos = -1;
        if (phase == Phase.LEAVING || gate.full() || !host.canSend()) {
            return Step.FOREVER;
        }
        if (pair != null && phase == Phase.PROTECTED) {
            if (pair.congested() || pair.flow().stalled(nowNanos)) {
                return Step.FOREVER;
            }
            if (nowNanos < notBeforeNanos) {
                return notBeforeNanos;
            }
        }
        long before = guest.icount();
        long next = loop.poll(nowNanos);
        if (guest.icount() > before) {
            runSinceNanos = nowNanos;
        }
        return next;
    }

    /** Before an input is applied: it goes into the log; with nobody to hold the log for, it is safe at once. */
    private void applying(long icount, Input input, long nowNanos) {
        outstanding.applied(input);
        Protection pair = protection;
        if (pair == null) {
            tickets.applied(input, 0);
            tickets.acknowledged(Long.MAX_VALUE, host);
        } else {
            tickets.applied(input, pair.input(icount, input, nowNanos));
        }
    }

    /** A claim is under way: what is appended now is for nobody. */
    private void discardLog() {
        if (protection != null) {
            protection.discard();
        }
    }

    /**
     * Lets out what may leave. In a pair this comes right after time was read, and one output for each reading, never after the machine
     * has run: if this process was frozen meanwhile, the lease must be held against the time after the freeze.
     *
     * @return whether more may leave once time is read again
     */
    private boolean release(long nowNanos) {
        boolean more = releaseNow(nowNanos);
        if (!more || gate.releasedCount() - flushedCount >= FLUSH_OUTPUTS) {
            flushedCount = gate.releasedCount();
            host.flush();
        }
        return more;
    }

    private boolean releaseNow(long nowNanos) {
        while (gate.ready() && host.canSend() && mayRelease(nowNanos)) {
            Emission emission = gate.release();
            if (emission != null) {
                deliver(emission, nowNanos);
            }
            if (phase == Phase.PROTECTED) {
                return gate.ready() && host.canSend();
            }
        }
        return false;
    }

    /** Nothing leaves a primary whose lease has run out; it looks whether it was succeeded meanwhile. */
    private boolean mayRelease(long nowNanos) {
        Protection pair = protection;
        if (phase == Phase.ALONE) {
            return true;
        }
        if (pair == null || phase != Phase.PROTECTED) {
            return false;
        }
        if (pair.lease().holds(nowNanos)) {
            return true;
        }
        if (nowNanos >= lookNanos) {
            lookNanos = nowNanos + LOOK_NANOS;
            arbitration.look();
        }
        return false;
    }

    /** A machine that was taken over after its guest had switched off, and whose power-off is out, has nothing more to say. */
    private void endIfOff(long nowNanos) {
        Output.PowerOff off = guest.powerOff();
        if (off != null && gate.heldCount() == 0) {
            leave(Outcomes.poweredOff(off), nowNanos);
        }
    }

    private void deliver(Emission emission, long nowNanos) {
        switch (emission.output()) {
            case Output.DiskRequest request -> host.request(generation, request);
            case Output.PowerOff off -> {
                host.send(generation, emission);
                leave(Outcomes.poweredOff(off), nowNanos);
            }
            case Output.ConsoleOutput _, Output.FrameSent _, Output.Reset _, Output.EntropyRequest _ ->
                host.send(generation, emission);
        }
    }

    private void leave(Outcome how, long nowNanos) {
        if (phase == Phase.LEAVING) {
            return;
        }
        leaving = how;
        leaveByNanos = nowNanos;
        if (protection != null && phase == Phase.PROTECTED) {
            protection.sayGoodbye(guest, true, how.message(), nowNanos);
            protection.leave(generation, nowNanos);
            leaveByNanos = nowNanos + FAREWELL_NANOS;
        }
        phase = Phase.LEAVING;
    }

    /** What is going on; also to be called now and then so that the rates are of the last second. */
    public Status status(long nowNanos) {
        Protection pair = protection;
        if (pair != null) {
            logRate.see(pair.logBytes(), nowNanos);
        }
        return new Status(
                pair == null ? "live" : "primary",
                phase.name(),
                generation,
                guest.icount(),
                speed.perSecond() / 1e6,
                inputs.mips(),
                pair == null ? 0 : pair.flow().lagNanos(nowNanos) / 1e6,
                pair == null ? 0 : pair.flow().slowedNanos() / 1e6,
                pair == null ? 0 : logRate.perSecond() * 8 / 1000,
                pair == null ? 0 : pair.logBytes(),
                gate.heldCount(),
                gate.releasedCount(),
                pair == null ? 0 : pair.compared(),
                pair == null ? 0 : pair.log().nextPosition() - 1,
                pair == null ? 0 : pair.acknowledged(),
                pair == null ? 0 : pair.detector().longestSilenceNanos() / 1e6);
    }

    private final class Outputs implements Outlet {
        @Override
        public void accept(Emission emission, long nowNanos) {
            outstanding.emitted(emission.output());
            if (OutputKind.of(emission.output(), settings.disk()) == OutputKind.INTERNAL
                    && emission.output() instanceof Output.FromDevice request) {
                host.request(generation, request);
            } else {
                gate.hold(emission, protection == null ? 0 : protection.log().nextPosition());
            }
        }

        @Override
        public boolean full() {
            return gate.full();
        }
    }
}
