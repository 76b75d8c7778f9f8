package hartbeat.tools.faults;

import hartbeat.devices.host.HostException;
import hartbeat.tools.ExitCode;
import hartbeat.tools.faults.Kind.Result;
import hartbeat.tools.netns.Passage;
import hartbeat.tools.process.Member;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Strikes a pair and checks what it made of that. */
final class Trial {
    /** Within so long everything has to be as it must be. */
    private static final long PATIENCE_MILLIS = 20_000;

    private static final long GONE_MILLIS = 600;
    private static final long LONG_MILLIS = 1_500;
    private static final int ENOUGH_ANSWERS = 5;
    private static final int KILLED = 137;
    /** Answers that a dead primary had sent, and that were still on their way to the client. */
    private static final int MOST_UNDER_WAY = 64;

    private static final long STEP_MILLIS = 5;
    private static final Passage FIFTH_LOST = new Passage(0.2, 0);
    private static final Passage SECOND_LATE = new Passage(0, 1_000_000_000);

    private final Site site;
    private final Pair pair;
    private final Load load;
    private final Pulse pulse;
    private final long suspectMillis;
    private long generation = 1;
    private @Nullable Member single;

    Trial(Site site, Pair pair, Load load, Pulse pulse, long suspectMillis) {
        this.site = site;
        this.pair = pair;
        this.load = load;
        this.pulse = pulse;
        this.suspectMillis = suspectMillis;
    }

    /** Who goes on alone; null while the pair is protected. */
    @Nullable
    Member single() {
        return single;
    }

    /** The machine answers. */
    void awaitProgress() throws Broken {
        awaitProgress(false);
    }

    /** Does it, and waits until all is as it must be. */
    void strike(Kind kind) throws HostException, IOException, InterruptedException, Broken {
        pulse.reset();
        if (!kind.passes()) {
            end(kind);
            awaitSingle(kind, kind.result());
            return;
        }
        pass(kind, single == null ? pair.primary() : single);
        if (single == null && !awaitProgress(true)) {
            boolean excused = kind.result() == Result.ANY || pulse.longestMillis() >= suspectMillis / 4;
            if (!excused) {
                throw new Broken(
                        "expected=a pair as before, actual=one side is gone or took over; this host stalled for %d ms at most"
                                .formatted(pulse.longestMillis()));
            }
            awaitSingle(kind, Result.ONE_LIVE);
        } else {
            awaitProgress(false);
            requireAlive();
        }
    }

    private void requireAlive() throws Broken {
        for (Member member : single == null ? List.of(pair.primary(), pair.backup()) : List.of(single)) {
            if (!member.process().alive()) {
                throw new Broken("expected=%s runs, actual=exit code %d"
                        .formatted(member.name(), member.process().exitCode()));
            }
        }
    }

    /** What begins and ceases. */
    private void pass(Kind kind, Member live) throws HostException, IOException, InterruptedException, Broken {
        Place at = Pair.place(live);
        switch (kind) {
            case PAUSE_PRIMARY -> stopFor(pair.primary(), suspectMillis / 3);
            case PAUSE_BACKUP -> stopFor(pair.backup(), suspectMillis);
            case PAUSE_SWITCH -> stopFor(pair.lanSwitch(), GONE_MILLIS);
            case KILL_SWITCH -> {
                pair.lanSwitch().process().kill();
                awaitExit(pair.lanSwitch(), KILLED);
                pair.restartSwitch();
            }
            case FLAP -> {
                site.plug(Place.BACKUP, false);
                pause(suspectMillis / 3);
                site.plug(Place.BACKUP, true);
            }
            case LOSS -> bothWays(Place.PRIMARY, Place.BACKUP, FIFTH_LOST, LONG_MILLIS);
            case LAN_LOSS -> bothWays(at, Place.SWITCH, FIFTH_LOST, LONG_MILLIS);
            case LAN_DELAY -> bothWays(at, Place.SWITCH, SECOND_LATE, LONG_MILLIS);
            case LAN_ONE_WAY -> {
                site.passage(at, Place.SWITCH, Passage.CUT);
                pause(GONE_MILLIS);
            }
            case ARBITER_AWAY -> {
                site.arbiterThere(false);
                pause(GONE_MILLIS);
                site.arbiterThere(true);
            }
            default -> throw new IllegalArgumentException("does not pass: " + kind);
        }
        site.whole();
    }

    private void bothWays(Place one, Place other, Passage passage, long millis) {
        site.bothWays(one, other, passage);
        pause(millis);
    }

    private static void stopFor(Member member, long millis) {
        member.process().freeze();
        pause(millis);
        member.process().wake();
    }

    /** What takes one side away. */
    private void end(Kind kind) throws HostException, IOException, InterruptedException, Broken {
        Member primary = pair.primary();
        switch (kind) {
            case KILL_PRIMARY -> primary.process().kill();
            case KILL_BACKUP -> pair.backup().process().kill();
            case FREEZE_PRIMARY -> primary.process().freeze();
            case FREEZE_BACKUP -> pair.backup().process().freeze();
            case POWER_PRIMARY -> {
                site.plug(Place.PRIMARY, false);
                primary.process().kill();
            }
            case ISOLATE_PRIMARY -> site.plug(Place.PRIMARY, false);
            case CUT -> site.bothWays(Place.PRIMARY, Place.BACKUP, Passage.CUT);
            case CUT_TO_BACKUP -> site.passage(Place.PRIMARY, Place.BACKUP, Passage.CUT);
            case CUT_TO_PRIMARY -> site.passage(Place.BACKUP, Place.PRIMARY, Passage.CUT);
            // A backup that waits longer than that would wait for ever, as the silence ends with the first late word.
            case DELAY ->
                site.bothWays(
                        Place.PRIMARY,
                        Place.BACKUP,
                        new Passage(0, Math.max(SECOND_LATE.delayNanos(), 2 * suspectMillis * 1_000_000)));
            case KILL_WITHOUT_ARBITER -> {
                site.arbiterThere(false);
                primary.process().kill();
                requireNobodyLive();
                site.arbiterThere(true);
            }
            case KILL_FULL_ARBITER -> {
                site.fillArbiter();
                primary.process().kill();
                requireNobodyLive();
                site.free();
            }
            case KILL_FULL_DISKS -> {
                site.fillDisks(Place.PRIMARY);
                site.fillDisks(Place.BACKUP);
                primary.process().kill();
            }
            // The disk is full already.
            case FULL_PRIMARY -> {}
            default -> throw new IllegalArgumentException("does not end: " + kind);
        }
    }

    private void requireNobodyLive() throws InterruptedException, Broken {
        awaitExit(pair.primary(), KILLED);
        long before = load.answered();
        if (pair.backup().awaitLive(generation, GONE_MILLIS) != null) {
            throw new Broken("expected=nobody goes live without the arbiter, actual=the backup did");
        }
        if (load.answered() > before + MOST_UNDER_WAY) {
            throw new Broken("expected=no answers while nobody is live, actual=%d".formatted(load.answered() - before));
        }
    }

    /** One side goes on and the other ends as it must. */
    private void awaitSingle(Kind kind, Result expected)
            throws HostException, IOException, InterruptedException, Broken {
        Member winner = awaitLive();
        if (winner == null) {
            throw new Broken("expected=one side goes on, actual=none within %d s".formatted(PATIENCE_MILLIS / 1000));
        }
        Member loser = pair.other(winner);
        if ((expected == Result.BACKUP_LIVE && winner != pair.backup())
                || (expected == Result.PRIMARY_LIVE && winner != pair.primary())) {
            throw new Broken("expected=the %s goes on, actual=the %s".formatted(loser.name(), winner.name()));
        }
        if (kind == Kind.FREEZE_PRIMARY || kind == Kind.FREEZE_BACKUP) {
            loser.process().wake();
        }
        site.plug(Place.PRIMARY, true);
        site.whole();
        site.free();
        awaitEnd(kind, loser);
        if (kind != Kind.FREEZE_PRIMARY && pulse.longestMillis() < suspectMillis / 4) {
            requireSilent(loser, winner);
        }
        single = winner;
        generation++;
        awaitProgress(false);
        requireAlive();
        requireGenerations();
    }

    private static void awaitEnd(Kind kind, Member loser) throws InterruptedException, Broken {
        switch (kind) {
            case KILL_PRIMARY, KILL_BACKUP, POWER_PRIMARY, KILL_WITHOUT_ARBITER, KILL_FULL_ARBITER ->
                awaitExit(loser, KILLED);
            // Its storage was full first: a write in between fails on its copy alone, and the backup does not wait for
            // the kill.
            case KILL_FULL_DISKS -> awaitExit(loser, KILLED, ExitCode.FENCED);
            default -> awaitExit(loser, ExitCode.FENCED);
        }
    }

    private @Nullable Member awaitLive() throws InterruptedException {
        Patience patience = new Patience(PATIENCE_MILLIS);
        while (!patience.over()) {
            for (Member side : List.of(pair.backup(), pair.primary())) {
                if (side.awaitLive(generation, 5) != null) {
                    return side;
                }
            }
        }
        return null;
    }

    /**
     * A side that lost has let out nothing after the other went live. One that was stopped, or kept from its turn, between its look at the lease and
     * its write still finishes the write; the switch refuses that by its generation, and the client would see it if not.
     */
    private void requireSilent(Member loser, Member winner) throws Broken {
        Member.Status end = loser.event("end");
        Member.Status live = winner.liveAbove(generation);
        if (end != null && live != null && end.number("lastSentNanos") > live.number("nanos")) {
            throw new Broken("expected=the %s's last output before the %s was live, actual=%.1f ms after"
                    .formatted(
                            loser.name(), winner.name(), (end.number("lastSentNanos") - live.number("nanos")) / 1e6));
        }
    }

    /** Each generation up to the present one was given away, and none beyond. */
    private void requireGenerations() throws IOException, Broken {
        List<Long> expected = LongStream.rangeClosed(1, generation).boxed().toList();
        if (!pair.generations().equals(expected)) {
            throw new Broken("arbiter: expected=generations %s, actual=%s".formatted(expected, pair.generations()));
        }
    }

    /** Waits for the end of a process with one of these exit codes. */
    static void awaitExit(Member member, Integer... codes) throws InterruptedException, Broken {
        Patience patience = new Patience(PATIENCE_MILLIS);
        boolean ended = false;
        while (!ended && !patience.over()) {
            ended = member.process().awaitExit(STEP_MILLIS);
        }
        List<Integer> expected = List.of(codes);
        if (!ended) {
            throw new Broken(
                    "expected=%s ends with exit code %s, actual=it still runs".formatted(member.name(), expected));
        }
        if (!expected.contains(member.process().exitCode())) {
            List<String> log = member.process().lastLogLines(1);
            throw new Broken("%s: expected=exit code %s, actual=%d: %s"
                    .formatted(
                            member.name(),
                            expected,
                            member.process().exitCode(),
                            log.isEmpty() ? "no message" : log.getFirst()));
        }
    }

    /**
     * Waits for some more answers.
     *
     * @param pairOnly leave off if one of two sides is gone or went live
     * @return false if so
     */
    private boolean awaitProgress(boolean pairOnly) throws Broken {
        long enough = load.answered() + ENOUGH_ANSWERS;
        Patience patience = new Patience(PATIENCE_MILLIS);
        while (load.answered() < enough) {
            if (!load.complaints().isEmpty()) {
                throw new Broken(load.complaints().getFirst());
            }
            if (pairOnly && !protectedStill()) {
                return false;
            }
            if (patience.over()) {
                throw new Broken("expected=%d more answers within %d s, actual=%d"
                        .formatted(ENOUGH_ANSWERS, PATIENCE_MILLIS / 1000, load.answered() + ENOUGH_ANSWERS - enough));
            }
            pause(STEP_MILLIS);
        }
        return !pairOnly || protectedStill();
    }

    private boolean protectedStill() {
        return pair.primary().process().alive()
                && pair.backup().process().alive()
                && pair.primary().liveAbove(generation) == null
                && pair.backup().liveAbove(generation) == null;
    }

    static void pause(long millis) {
        long until = System.nanoTime() + millis * 1_000_000;
        for (long left = millis * 1_000_000; left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
