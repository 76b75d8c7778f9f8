package hartbeat.ft.role;

import hartbeat.emulator.io.DiskStatus;
import hartbeat.emulator.io.Input;
import hartbeat.ft.channel.Message;
import hartbeat.ft.channel.Side;
import hartbeat.ft.detector.Detector;
import hartbeat.ft.detector.Heartbeat;
import hartbeat.ft.detector.HeartbeatReader;
import hartbeat.ft.detector.Lease;
import hartbeat.ft.detector.Pulse;
import hartbeat.ft.digest.DigestSchedule;
import hartbeat.ft.gate.Gate;
import hartbeat.ft.log.LogAppender;
import hartbeat.ft.run.DiskMode;
import hartbeat.ft.run.Guest;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A primary's side of its pair: the log goes out, acknowledgements come in, and what is heard of the backup is weighed. */
final class Protection {
    private static final int FLUSH_BYTES = 1 << 15;
    /** How long entries wait for others to leave with; each batch wakes a thread on either side. */
    private static final long FLUSH_NANOS = 20_000_000;

    /** Batches are signs of life where no datagrams pass: so many of them go into a lease at least. */
    private static final int FLUSHES_PER_LEASE = 10;

    private static final long PROGRESS_NANOS = 2_000_000;
    private static final long TELL_RELEASED_NANOS = 1_000_000;
    private static final long ALIVE_NANOS = 100_000_000;
    /**
     * A backup that has acknowledged log, and with it something that was sent within so many periods, hears enough of this side. While the guest is busy that
     * is so, unless the log waits long on its way: then the lease needs what overtakes it.
     */
    private static final int LOG_PERIODS = 2;

    private static final int MAX_UNSENT = 64;
    /** How long the last word waits for outputs to arrive, as the switch may be gone. */
    private static final long DELIVERY_NANOS = 500_000_000;

    /** A backup that carries nothing out for so long, though it answers, holds up the guest for good: its disk hangs, say. */
    private static final long STUCK_NANOS = 10_000_000_000L;

    private static final long STUCK_COUNTED_NANOS = 1_000_000_000;

    private final Peer peer;
    private final HeartbeatReader heartbeats;
    private final Pulse pulse;
    private final LogAppender log;
    private final Gate gate;
    private final Flow flow = new Flow();
    private final Lease lease;
    private final Detector detector;
    private final Detector channelDetector;
    private final Detector progressDetector;
    private final DigestSchedule digests;
    private final long flushNanos;
    private final Deque<Message.LogBatch> unsent = new ArrayDeque<>();
    /** Positions of failed completions that the backup has not acknowledged: not before its own disk has answered as well. */
    private final Deque<Long> failures = new ArrayDeque<>();

    private long loggedIcount;
    private long loggedNanos;
    private long acknowledged;
    private long logHeardNanos = Long.MIN_VALUE / 2;
    private long sentPosition;
    private long executed;
    private long compared;
    private long echoNanos;
    private long aliveAtNanos;
    private long toldReleased;
    private long toldReleasedNanos;
    private long logBytes;
    private long peerGeneration;
    private Message.@Nullable Goodbye goodbye;
    private long goodbyeByNanos;
    private boolean endedTogether;
    private @Nullable String lost;

    Protection(Peer peer, Gate gate, Settings settings, long nowNanos) {
        this.peer = peer;
        this.heartbeats = new HeartbeatReader(peer.heartbeats(), settings.timeouts());
        this.pulse = new Pulse(peer.heartbeats(), Side.PRIMARY, settings.timeouts());
        this.gate = gate;
        this.log = new LogAppender(settings.disk());
        var times = settings.timeouts();
        this.lease = new Lease(times.leaseMillis() * 1_000_000);
        this.detector =
                new Detector(times.primarySuspectsMillis() * 1_000_000, times.countedMillis() * 1_000_000, nowNanos);
        this.channelDetector =
                new Detector(times.primarySuspectsMillis() * 1_000_000, times.countedMillis() * 1_000_000, nowNanos);
        this.progressDetector = new Detector(STUCK_NANOS, STUCK_COUNTED_NANOS, nowNanos);
        this.digests = new DigestSchedule(nowNanos);
        this.flushNanos = Math.min(FLUSH_NANOS, times.leaseMillis() * 1_000_000 / FLUSHES_PER_LEASE);
        this.loggedNanos = nowNanos;
    }

    LogAppender log() {
        return log;
    }

    Flow flow() {
        return flow;
    }

    Lease lease() {
        return lease;
    }

    Detector detector() {
        return detector;
    }

    DigestSchedule digests() {
        return digests;
    }

    /** Why the backup counts as lost, or null. */
    @Nullable
    String lost() {
        return lost;
    }

    long acknowledged() {
        return acknowledged;
    }

    /** Digests that the backup has found equal. */
    long compared() {
        return compared;
    }

    long logBytes() {
        return logBytes;
    }

    /** The highest generation that the peer has named. */
    long peerGeneration() {
        return peerGeneration;
    }

    /** Whether the machine must stand still until the channel takes more. */
    boolean congested() {
        return unsent.size() >= MAX_UNSENT;
    }

    /** Takes what has arrived. */
    void hear(long nowNanos) {
        if (nowNanos >= detector.deadlineNanos()) {
            heartbeats.lookNow();
        }
        for (Heartbeat beat = heartbeats.next(nowNanos); beat != null; beat = heartbeats.next(nowNanos)) {
            if (beat.from() == Side.BACKUP) {
                heard(beat.generation(), beat.sentNanos(), beat.echoNanos(), nowNanos);
            }
        }
        for (Message message = peer.channel().receive();
                message != null;
                message = peer.channel().receive()) {
            hear(message, nowNanos);
            if (acknowledged >= sentPosition || awaitsItsDisk()) {
                channelDetector.heard(nowNanos);
            }
        }
        String closed = peer.channel().closed();
        if (lost == null && closed != null) {
            lost = "backup: " + closed;
        }
        suspect(nowNanos);
    }

    /** Whether the backup has received all that it may acknowledge before its own disk has answered; then progress is what counts. */
    private boolean awaitsItsDisk() {
        while (!failures.isEmpty() && failures.getFirst() <= acknowledged) {
            failures.removeFirst();
        }
        return !failures.isEmpty() && acknowledged == failures.getFirst() - 1;
    }

    /** Heartbeats alone do not make a backup: the way of the log must be open, and what goes in must be carried out at last. */
    private void suspect(long nowNanos) {
        if (flow.lagNanos(nowNanos) == 0) {
            progressDetector.heard(nowNanos);
        }
        String what = null;
        if (detector.suspects(nowNanos)) {
            what = "backup was silent for %d ms".formatted(detector.silenceNanos(nowNanos) / 1_000_000);
        } else if (channelDetector.suspects(nowNanos)) {
            what = "the channel to the backup has carried nothing for %d ms, though its heartbeats come"
                    .formatted(channelDetector.silenceNanos(nowNanos) / 1_000_000);
        } else if (progressDetector.suspects(nowNanos)) {
            what = "backup answers, but has carried out nothing for %d ms, hint: look at its disk"
                    .formatted(progressDetector.silenceNanos(nowNanos) / 1_000_000);
        }
        if (lost == null) {
            lost = what;
        }
    }

    private void hear(Message message, long nowNanos) {
        switch (message) {
            case Message.Ack ack -> {
                if (ack.received() >= log.nextPosition() || ack.executed() > ack.received()) {
                    lost = "backup acknowledged what it was never sent: expected<%d, actual=%d"
                            .formatted(log.nextPosition(), ack.received());
                    return;
                }
                if (ack.received() > acknowledged) {
                    acknowledged = ack.received();
                    logHeardNanos = Math.max(logHeardNanos, Math.min(ack.echoNanos(), nowNanos));
                    channelDetector.heard(nowNanos);
                }
                if (ack.executed() > executed) {
                    executed = ack.executed();
                    progressDetector.heard(nowNanos);
                }
                compared = Math.max(compared, ack.digests());
                gate.acknowledged(acknowledged);
                flow.executed(executed);
                heard(0, echoNanos, ack.echoNanos(), nowNanos);
            }
            case Message.Alive alive -> heard(alive.generation(), alive.sentNanos(), alive.echoNanos(), nowNanos);
            case Message.Diverged diverged -> lost = "backup diverged and stopped: " + diverged.what();
            case Message.Goodbye bye -> {
                endedTogether = bye.guestOff();
                lost = "backup left: " + bye.reason();
            }
            case Message.Refused refused -> lost = "backup refused: " + refused.reason();
            default -> lost = "backup sent an unexpected " + message.getClass().getSimpleName();
        }
    }

    private void heard(long generation, long sentNanos, long echo, long nowNanos) {
        peerGeneration = Math.max(peerGeneration, generation);
        echoNanos = Math.max(echoNanos, sentNanos);
        lease.echoed(echo, nowNanos);
        detector.heard(nowNanos);
    }

    /** Appends an input. @return its position */
    long input(long icount, Input input, long nowNanos) {
        long position = log.input(icount, input, nowNanos);
        if (log.disk() == DiskMode.REPLICATED
                && input instanceof Input.DiskCompletion completion
                && completion.status() != DiskStatus.OK) {
            failures.add(position);
        }
        logged(icount, nowNanos);
        return position;
    }

    /** An entry was appended. */
    void logged(long icount, long nowNanos) {
        loggedIcount = icount;
        loggedNanos = nowNanos;
        if (log.waitingBytes() >= FLUSH_BYTES) {
            flush(nowNanos);
        }
    }

    /** What was appended is for nobody: the backup counts as lost. */
    void discard() {
        log.take();
        unsent.clear();
        failures.clear();
    }

    /** Appends a marker if an output or the backup's progress needs one, and sends what is due. */
    void send(Guest guest, long generation, long nowNanos) {
        long icount = guest.icount();
        boolean output = gate.needsEntry(log.nextPosition());
        if (output || (icount > loggedIcount && nowNanos - loggedNanos >= PROGRESS_NANOS)) {
            log.marker(icount, nowNanos);
            logged(icount, nowNanos);
        }
        if (log.waiting() > 0 && (gate.heldCount() > 0 || nowNanos - log.waitingSinceNanos() >= flushNanos)) {
            flush(nowNanos);
        }
        sendUnsent(nowNanos);
        tellReleased(nowNanos);
        heartbeat(generation, nowNanos);
    }

    private void flush(long nowNanos) {
        long since = log.waitingSinceNanos();
        byte[] batch = log.take();
        if (batch != null) {
            logBytes += batch.length;
            sentPosition = log.nextPosition() - 1;
            flow.sent(sentPosition, since);
            unsent.add(new Message.LogBatch(Math.max(1, nowNanos), batch));
        }
    }

    private void sendUnsent(long nowNanos) {
        while (!unsent.isEmpty()) {
            Message.LogBatch batch = new Message.LogBatch(
                    Math.max(1, nowNanos), unsent.getFirst().batch());
            if (!peer.channel().send(batch)) {
                return;
            }
            unsent.removeFirst();
        }
    }

    private void tellReleased(long nowNanos) {
        long released = gate.deliveredNumber();
        if (released > toldReleased
                && nowNanos - toldReleasedNanos >= TELL_RELEASED_NANOS
                && peer.channel().send(new Message.Released(released))) {
            toldReleased = released;
            toldReleasedNanos = nowNanos;
        }
    }

    private void heartbeat(long generation, long nowNanos) {
        boolean logIsHeard = nowNanos - logHeardNanos <= LOG_PERIODS * pulse.periodNanos();
        pulse.beat(generation, echoNanos, logIsHeard ? Integer.MAX_VALUE : 0, nowNanos);
        if (nowNanos >= aliveAtNanos
                && peer.channel().send(new Message.Alive(generation, Math.max(1, nowNanos), echoNanos))) {
            aliveAtNanos = nowNanos + ALIVE_NANOS;
        }
    }

    /** When something is due next, if nothing happens before. */
    long nextNanos(Guest guest) {
        long next = Math.min(pulse.nextNanos(), detector.deadlineNanos());
        if (log.waiting() > 0) {
            next = Math.min(next, log.waitingSinceNanos() + flushNanos);
        }
        if (guest.icount() > loggedIcount) {
            next = Math.min(next, loggedNanos + PROGRESS_NANOS);
        }
        if (gate.deliveredNumber() > toldReleased) {
            next = Math.min(next, toldReleasedNanos + TELL_RELEASED_NANOS);
        }
        return next;
    }

    /** The log ends here: the backup carries it out to this very icount, so that its disks end up like this side's. */
    void sayGoodbye(Guest guest, boolean guestOff, String reason, long nowNanos) {
        if (guest.icount() > loggedIcount) {
            log.marker(guest.icount(), nowNanos);
            logged(guest.icount(), nowNanos);
        }
        flush(nowNanos);
        goodbye = new Message.Goodbye(guestOff, reason);
        goodbyeByNanos = nowNanos + DELIVERY_NANOS;
    }

    /** Sends what is left, and the last word after all of it, once the last outputs have arrived: until then the backup is needed. */
    void leave(long generation, long nowNanos) {
        Message.Goodbye last = goodbye;
        if (last == null) {
            return;
        }
        sendUnsent(nowNanos);
        heartbeat(generation, nowNanos);
        if (unsent.isEmpty()
                && (gate.deliveredNumber() >= gate.releasedNumber() || nowNanos >= goodbyeByNanos)
                && peer.channel().send(new Message.Released(gate.deliveredNumber()))
                && peer.channel().send(last)) {
            goodbye = null;
            peer.heartbeats().fallSilent();
        }
    }

    /** When {@link #leave} has something to do next, if nothing happens before. */
    long leaveAtNanos() {
        return goodbye == null ? Long.MAX_VALUE : pulse.nextNanos();
    }

    /** Whether the backup has said that it ends as well: nobody succeeds this side. */
    boolean endedTogether() {
        return endedTogether;
    }

    void close(String why) {
        peer.channel().close(why);
        peer.heartbeats().fallSilent();
    }
}
