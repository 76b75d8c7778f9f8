package hartbeat.ft.role;

import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.ft.arbiter.Arbiter;
import hartbeat.ft.arbiter.Arbitration;
import hartbeat.ft.channel.Message;
import hartbeat.ft.channel.Side;
import hartbeat.ft.detector.Detector;
import hartbeat.ft.detector.Heartbeat;
import hartbeat.ft.detector.HeartbeatReader;
import hartbeat.ft.detector.Pulse;
import hartbeat.ft.gate.Withheld;
import hartbeat.ft.log.LogFormatException;
import hartbeat.ft.log.ReplaySource;
import hartbeat.ft.run.DiskMode;
import hartbeat.ft.run.Guest;
import hartbeat.ft.run.HostPort;
import hartbeat.ft.run.OutputKind;
import hartbeat.ft.run.RecordingSource;
import hartbeat.ft.run.Role;
import hartbeat.ft.run.RunLoop;
import hartbeat.ft.run.Step;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Follows a primary's log, and takes over when the primary is gone and the arbiter agrees. */
public final class Backup implements Role {
    private static final long REPORT_NANOS = 20_000_000;
    private static final long REPORT_IDLE_NANOS = 100_000_000;
    private static final long FIRST_WORD_NANOS = 10_000_000_000L;
    private static final long DISK_POLL_NANOS = 1_000_000;

    /** A backup that hears the log leaves out so many heartbeats in a row; the primary must know where its datagrams come from. */
    private static final int LEFT_OUT = 3;

    /** For so many periods after a datagram of the primary's, which sends one when it is in doubt, each heartbeat is sent. */
    private static final int ANSWER_PERIODS = 3;

    /** Log that goes on comes at least once in so many periods. */
    private static final int LOG_PERIODS = 2;

    private enum Phase {
        FOLLOWING,
        DECIDING,
        DRAINING,
        ENDING
    }

    private final Settings settings;
    private final Guest guest;
    private final HostPort host;
    private final Peer peer;
    private final HeartbeatReader heartbeats;
    private final Pulse pulse;
    private final Arbitration arbitration;
    private final Received received = new Received();
    private final LocalCompletions completions = new LocalCompletions();
    private final Withheld withheld = new Withheld();
    private final Outstanding outstanding = new Outstanding();
    private final Tickets tickets = new Tickets(new long[0], false);
    private final ReplaySource source;
    private final RunLoop loop;
    private final Meter speed = new Meter();
    private final Meter logRate = new Meter();
    private @Nullable Detector detector;
    private Phase phase = Phase.FOLLOWING;
    private long generation;
    private long echoNanos;
    private long calledNanos = Long.MIN_VALUE / 2;
    private long logHeardNanos = Long.MIN_VALUE / 2;
    private long reportAtNanos;
    private long reportedExecuted;
    private long reportedSafe;
    private boolean ackDue;
    private long logBytes;
    private boolean ending;
    private String farewell = "";
    private @Nullable Live live;
    private @Nullable Outcome outcome;

    /** @param generation of the primary */
    public Backup(Settings settings, Guest guest, HostPort host, Arbiter arbiter, long generation, Peer peer) {
        this.settings = settings;
        this.guest = guest;
        this.host = host;
        this.peer = peer;
        this.heartbeats = new HeartbeatReader(peer.heartbeats(), settings.timeouts());
        this.pulse = new Pulse(peer.heartbeats(), Side.BACKUP, settings.timeouts());
        this.generation = generation;
        this.arbitration = new Arbitration(arbiter, settings.claimant());
        this.source = new ReplaySource(
                received, settings.disk() == DiskMode.REPLICATED ? completions : ReplaySource.LocalDisk.NONE);
        this.loop = new RunLoop(guest, new RecordingSource(source, this::applying), this::emitted);
    }

    /** Set once this side has taken over. */
    public @Nullable Live live() {
        return live;
    }

    @Override
    public @Nullable Outcome outcome() {
        return live != null ? live.outcome() : outcome;
    }

    @Override
    public long poll(long nowNanos) {
        if (live != null) {
            return live.poll(nowNanos);
        }
        if (outcome != null) {
            return Step.FOREVER;
        }
        if (phase == Phase.FOLLOWING || phase == Phase.DECIDING) {
            hear(nowNanos);
            arbitrate(nowNanos);
        }
        if (outcome != null) {
            return Step.FOREVER;
        }
        if (phase == Phase.FOLLOWING) {
            acknowledge(nowNanos);
            heartbeat(nowNanos);
        }
        takeCompletions();
        long next = follow(nowNanos);
        if (outcome != null || live != null) {
            return nowNanos;
        }
        speed.see(guest.icount(), nowNanos);
        return Math.min(Math.min(next, nextNanos(nowNanos)), arbitration.nextNanos(nowNanos));
    }

    private long nextNanos(long nowNanos) {
        // Who claims is silent, and the arbiter's answer wakes it.
        long next = phase == Phase.FOLLOWING
                ? Math.min(pulse.nextNanos(), Math.min(reportAtNanos, progressAtNanos()))
                : Step.FOREVER;
        Detector watch = detector;
        if (watch != null && phase == Phase.FOLLOWING) {
            next = Math.min(next, watch.deadlineNanos());
        }
        boolean moreIsSafe = phase == Phase.FOLLOWING && received.safePosition() != reportedSafe;
        return received.isEmpty() && !moreIsSafe ? next : Math.min(next, nowNanos + DISK_POLL_NANOS);
    }

    private void hear(long nowNanos) {
        Detector watch = detector;
        if (watch == null) {
            var times = settings.timeouts();
            watch = new Detector(times.backupSuspectsMillis() * 1_000_000, times.countedMillis() * 1_000_000, nowNanos);
            // It has emitted nothing yet, so nothing is lost by waiting; a JVM that is cold can be slow to speak.
            watch.expectFirst(FIRST_WORD_NANOS);
            detector = watch;
        }
        if (nowNanos >= watch.deadlineNanos()) {
            heartbeats.lookNow();
        }
        for (Heartbeat beat = heartbeats.next(nowNanos); beat != null; beat = heartbeats.next(nowNanos)) {
            if (beat.from() == Side.PRIMARY) {
                calledNanos = nowNanos;
                heard(watch, beat.generation(), beat.sentNanos(), nowNanos);
            }
        }
        while (outcome == null && !ending && !received.full()) {
            Message message = peer.channel().receive();
            if (message == null) {
                break;
            }
            hear(watch, message, nowNanos);
        }
        if (received.full()) {
            // The primary's signs of life may lie behind log that there is no room for.
            watch.unread(nowNanos);
        }
        suspect(watch, nowNanos);
    }

    private void hear(Detector watch, Message message, long nowNanos) {
        switch (message) {
            case Message.LogBatch batch -> {
                try {
                    received.add(batch.batch(), nowNanos);
                } catch (LogFormatException e) {
                    fail("log from the primary: " + e.reason());
                    return;
                }
                logBytes += batch.batch().length;
                logHeardNanos = nowNanos;
                ackDue = true;
                heard(watch, 0, batch.sentNanos(), nowNanos);
            }
            case Message.Released released -> withheld.released(released.number());
            case Message.Alive alive -> heard(watch, alive.generation(), alive.sentNanos(), nowNanos);
            case Message.Goodbye goodbye
            when goodbye.guestOff() -> {
                end(goodbye);
                // A claim that is out may be won: its answer is waited for, as the arbiter knows this side as the
                // holder then.
                if (phase == Phase.FOLLOWING) {
                    phase = Phase.ENDING;
                    source.takeFailures();
                }
            }
            case Message.Goodbye goodbye -> settings.notices().accept("primary leaves: " + goodbye.reason());
            default -> fail("primary sent an unexpected " + message.getClass().getSimpleName());
        }
    }

    /** The log has ended: the machine does not go on after it, whoever holds the generation. */
    private void end(Message.Goodbye goodbye) {
        ending = true;
        farewell = goodbye.reason();
    }

    private void heard(Detector watch, long itsGeneration, long sentNanos, long nowNanos) {
        echoNanos = Math.max(echoNanos, sentNanos);
        watch.heard(nowNanos);
        if (itsGeneration > generation) {
            fenced(itsGeneration, "the primary, which goes on alone");
        }
    }

    /**
     * A closed channel is the end of the primary or of the way to it. Either way the primary cannot release what this side has not
     * acknowledged, so there is nothing to wait for, except with a shared disk, where writes that were acknowledged may still be on their way. A
     * primary whose copy of a disk fails where this side's does not is not to stay the live one either: whoever claims is fenced off by the
     * arbiter alone, whatever the reason.
     */
    private void suspect(Detector watch, long nowNanos) {
        if (phase != Phase.FOLLOWING || outcome != null) {
            return;
        }
        boolean silent = watch.suspects(nowNanos);
        String why = peer.channel().closed();
        if (why != null && settings.disk() == DiskMode.SHARED && !silent) {
            return;
        }
        if (why == null) {
            why = source.recorderFailing();
        }
        if (why == null && silent) {
            why = "silent for %d ms".formatted(watch.silenceNanos(nowNanos) / 1_000_000);
        }
        if (why != null) {
            phase = Phase.DECIDING;
            settings.notices()
                    .accept("primary is suspected: %s; claiming generation %d".formatted(why, generation + 1));
            arbitration.claim(generation + 1);
        }
    }

    private void arbitrate(long nowNanos) {
        Arbiter.Answer answer = arbitration.poll(nowNanos);
        switch (answer) {
            case Arbiter.Won won -> {
                generation = won.generation();
                phase = Phase.DRAINING;
                takeLastMessages(nowNanos);
                if (!ending) {
                    tellOfItsDisk();
                    peer.channel().close("generation %d has begun".formatted(generation));
                }
            }
            case Arbiter.Lost lost -> fenced(lost.generation(), lost.holder());
            case null, default -> {}
        }
    }

    /** Whose disk fails hears why it was succeeded; not earlier, as it would then claim the generation itself. */
    private void tellOfItsDisk() {
        String failing = source.recorderFailing();
        if (failing != null) {
            peer.channel().send(new Message.Goodbye(false, failing));
        }
    }

    /** What had arrived before the claim was won still belongs to the machine's history; nothing of it is acknowledged any more. */
    private void takeLastMessages(long nowNanos) {
        for (Message message = peer.channel().receive();
                message != null;
                message = peer.channel().receive()) {
            switch (message) {
                case Message.LogBatch batch -> {
                    try {
                        received.add(batch.batch(), nowNanos);
                    } catch (LogFormatException e) {
                        return;
                    }
                }
                case Message.Released released -> withheld.released(released.number());
                case Message.Goodbye goodbye when goodbye.guestOff() -> end(goodbye);
                default -> {}
            }
        }
    }

    private void takeCompletions() {
        for (Input input = host.poll(Input.DiskCompletion.class::isInstance);
                input != null;
                input = host.poll(Input.DiskCompletion.class::isInstance)) {
            if (input instanceof Input.DiskCompletion completion) {
                completions.add(completion);
            }
        }
    }

    private long follow(long nowNanos) {
        long next = loop.poll(nowNanos);
        String divergence = source.divergence();
        String failure = source.failure();
        if (divergence != null) {
            peer.channel().send(new Message.Diverged(divergence));
            peer.channel().close("diverged");
            outcome = new Outcome(Outcome.DIVERGED, divergence);
        } else if (failure != null) {
            fail(failure);
        } else if (phase == Phase.DRAINING && (received.isEmpty() || source.recorderFailing() != null)) {
            if (ending) {
                endAsHolder();
            } else {
                goLive();
            }
        } else if (phase == Phase.ENDING && received.isEmpty()) {
            String failing = source.recorderFailing();
            if (failing != null) {
                settings.notices().accept("the copies may differ: " + failing);
            }
            peer.channel().send(new Message.Goodbye(true, "the primary has ended"));
            outcome = new Outcome(Outcome.DONE, "primary ended: " + farewell);
        }
        return next;
    }

    /**
     * The generation was won while the primary said goodbye: whoever starts the machine again must find the disks of this side. A primary whose disk
     * fails does not end together with this side, but is succeeded by it.
     */
    private void endAsHolder() {
        String failing = source.recorderFailing();
        host.live(generation, tickets.applied(guest.devices()));
        peer.channel().send(new Message.Goodbye(failing == null, failing == null ? "the primary has ended" : failing));
        outcome = new Outcome(
                Outcome.DONE, "primary ended: %s; generation %d ends with it".formatted(farewell, generation));
    }

    private void goLive() {
        List<Emission> doubtful = withheld.takeDoubtful();
        doubtful.removeIf(emission -> emission.output() instanceof Output.DiskRequest);
        settings.notices()
                .accept("generation %d is ours; live from icount %d, position %d, %d doubtful outputs sent again"
                        .formatted(generation, guest.icount(), source.position(), doubtful.size()));
        List<Output.FromDevice> reissue = outstanding.list();
        reissue.removeIf(request -> settings.disk() == DiskMode.REPLICATED && request instanceof Output.DiskRequest);
        live = Live.promoted(
                settings,
                guest,
                host,
                arbitration,
                generation,
                outstanding,
                tickets.applied(guest.devices()),
                completions.takeAll(),
                doubtful,
                reissue);
    }

    /** When the primary is to hear what was carried out since the last acknowledgement. */
    private long progressAtNanos() {
        return source.position() > reportedExecuted ? reportAtNanos - REPORT_IDLE_NANOS + REPORT_NANOS : Step.FOREVER;
    }

    private void acknowledge(long nowNanos) {
        boolean progress = nowNanos >= progressAtNanos();
        long safe = received.safePosition();
        if (!ackDue && !progress && safe == reportedSafe && nowNanos < reportAtNanos) {
            return;
        }
        Message ack = new Message.Ack(safe, source.position(), guest.icount(), source.digestsCompared(), echoNanos);
        if (peer.channel().send(ack)) {
            ackDue = false;
            reportedSafe = safe;
            reportedExecuted = source.position();
            reportAtNanos = nowNanos + REPORT_IDLE_NANOS;
        }
    }

    private void heartbeat(long nowNanos) {
        boolean called = nowNanos - calledNanos <= ANSWER_PERIODS * pulse.periodNanos();
        boolean logGoesOn = nowNanos - logHeardNanos <= LOG_PERIODS * pulse.periodNanos();
        pulse.beat(generation, echoNanos, logGoesOn && !called ? LEFT_OUT : 0, nowNanos);
    }

    private void applying(long icount, Input input, long nowNanos) {
        outstanding.applied(input);
        tickets.applied(input, 0);
    }

    private void emitted(Emission emission, long nowNanos) {
        outstanding.emitted(emission.output());
        if (OutputKind.of(emission.output(), settings.disk()) == OutputKind.EXTERNAL) {
            withheld.hold(emission);
        } else if (emission.output() instanceof Output.DiskRequest request) {
            host.request(generation, request);
        }
    }

    private void fenced(long higher, String holder) {
        outcome = new Outcome(
                Outcome.FENCED,
                "fenced: generation %d is held by %s; this backup halts, icount=%d, position=%d"
                        .formatted(higher, holder, guest.icount(), source.position()));
        peer.channel().close("fenced");
    }

    private void fail(String reason) {
        peer.channel().send(new Message.Goodbye(false, reason));
        peer.channel().close(reason);
        outcome = new Outcome(Outcome.FAILED, reason);
    }

    /** What is going on; also to be called now and then so that the rates are of the last second. */
    public Status status(long nowNanos) {
        if (live != null) {
            return live.status(nowNanos);
        }
        logRate.see(logBytes, nowNanos);
        return new Status(
                "backup",
                phase.name(),
                generation,
                guest.icount(),
                speed.perSecond() / 1e6,
                0,
                received.lagNanos(nowNanos) / 1e6,
                0,
                logRate.perSecond() * 8 / 1000,
                logBytes,
                withheld.heldCount(),
                0,
                source.digestsCompared(),
                received.position(),
                source.position(),
                detector == null ? 0 : detector.longestSilenceNanos() / 1e6);
    }
}
