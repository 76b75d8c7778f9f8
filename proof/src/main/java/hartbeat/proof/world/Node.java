package hartbeat.proof.world;

import hartbeat.emulator.machine.Machine;
import hartbeat.ft.channel.Side;
import hartbeat.ft.role.Backup;
import hartbeat.ft.role.Live;
import hartbeat.ft.run.Role;
import hartbeat.proof.fault.Crossing;
import hartbeat.proof.fault.Ending;
import hartbeat.proof.fault.Seeded;
import hartbeat.proof.fault.Strike;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A process: a role, its machine, its host, and a clock of its own. It is dead, stopped, or takes its time. */
public final class Node implements SimHost.Wiring {
    /** As the product's loop, which never parks for longer. */
    private static final long LONGEST_PARK_NANOS = 100_000_000;

    private static final long STEP_NANOS = 2_000;
    private static final long DRAIN_NANOS = 2_000_000_000L;
    private static final long MILLION = 1_000_000;

    private final World world;
    private final int index;
    private final String name;
    private final Side side;
    private final Machine machine;
    private final Clock clock;
    private final Seeded chance;
    private @Nullable Strike strike;
    private @Nullable Role role;
    private @Nullable Probe probe;
    private @Nullable SimHost host;
    private @Nullable SimArbiter arbiter;
    private final List<SimChannel> lines = new ArrayList<>();
    private Role.@Nullable Outcome outcome;
    private long crossings;
    private @Nullable Steady steady;
    private long steadyNanos = Pipe.NEVER;
    private long wantsNanos;
    private long freeNanos;
    private long frozenUntilNanos;
    private long leftByNanos = Pipe.NEVER;
    private int slowness = 1;
    private int inputsFollowed = -1;
    private int emissionsFollowed = -1;
    private boolean quitDue;
    private boolean polling;
    private boolean dead;

    /**
     * A process's own clock.
     *
     * @param offsetNanos what it shows at the world's zero
     * @param driftPpm how much too fast it runs, in millionths
     */
    record Clock(long offsetNanos, long driftPpm) {
        long shows(long nowNanos) {
            return offsetNanos + nowNanos + nowNanos / MILLION * driftPpm + nowNanos % MILLION * driftPpm / MILLION;
        }

        /** The first time of the world at which it shows this. */
        long when(long shown) {
            long guess = (long) ((shown - offsetNanos) / (1 + driftPpm / 1e6)) - 2;
            while (shows(guess) < shown) {
                guess++;
            }
            return guess;
        }
    }

    Node(World world, int index, Machine machine, Clock clock, @Nullable Strike strike) {
        this.world = world;
        this.index = index;
        this.side = index == 0 ? Side.PRIMARY : Side.BACKUP;
        this.name = side.name().toLowerCase(java.util.Locale.ROOT) + (index < 2 ? "" : String.valueOf(index));
        this.machine = machine;
        this.clock = clock;
        this.chance = Seeded.of(world.setup().seed(), "end of " + name);
        this.strike = strike;
    }

    /** The longest that an output was held by this process while it was a primary or alone. */
    public long longestHoldNanos() {
        return host().longestHoldNanos();
    }

    void compose(Probe newProbe, SimHost newHost, SimArbiter newArbiter) {
        probe = newProbe;
        host = newHost;
        arbiter = newArbiter;
    }

    /** The process is started as this. */
    void start(Role newRole) {
        role = newRole;
        wake();
    }

    /** The stream that connects it to another process. */
    void line(SimChannel line) {
        lines.add(line);
    }

    /** All streams between it and others. */
    List<SimChannel> lines() {
        return lines;
    }

    /** A thread of its own repeats the role's heartbeats. */
    void speaksSteadily(Steady heartbeats) {
        steady = heartbeats;
        steadyNanos = world.nowNanos() + heartbeats.periodNanos();
    }

    /** Number of the process, 0 for the first primary. */
    public int index() {
        return index;
    }

    public String name() {
        return name;
    }

    public Side side() {
        return side;
    }

    public Machine machine() {
        return machine;
    }

    /** The machine's history. */
    public Probe probe() {
        return required(probe);
    }

    public SimHost host() {
        return required(host);
    }

    public Role role() {
        return required(role);
    }

    /** Crossings so far. */
    public long crossings() {
        return crossings;
    }

    /** Whether the process was killed. */
    public boolean dead() {
        return dead;
    }

    /** How the process ended by itself, or null. */
    public Role.@Nullable Outcome outcome() {
        return outcome;
    }

    /** Whether the process goes on. */
    public boolean running() {
        return role != null && !dead && outcome == null;
    }

    /** The role that is live in this process, or null. */
    public @Nullable Live live() {
        return live(role);
    }

    private static @Nullable Live live(@Nullable Role role) {
        return switch (role) {
            case Live live -> live;
            case Backup backup -> backup.live();
            case Starting starting -> live(starting.become());
            case null, default -> null;
        };
    }

    /** Whether it is, or was, a side of a pair: from then on it counts. */
    public boolean joined() {
        return role != null && !(role instanceof Starting starting && starting.become() == null);
    }

    /** Whether it is a primary to which the next peer may come. */
    public boolean waitsForPeer() {
        return running() && !joined() && role instanceof Starting.Primary primary && primary.waits();
    }

    /** How many inputs came from a log: all of a backup's, those up to its promotion of one that is live; -1 for a first primary. */
    public int inputsFollowed() {
        if (side == Side.PRIMARY) {
            return -1;
        }
        return inputsFollowed >= 0 ? inputsFollowed : probe().inputs().size();
    }

    /** How many outputs were made while it followed; as {@link #inputsFollowed}. */
    public int emissionsFollowed() {
        if (side == Side.PRIMARY) {
            return -1;
        }
        return emissionsFollowed >= 0 ? emissionsFollowed : probe().emissions().size();
    }

    /** Whether nothing is under way at its edges. */
    public boolean quiet() {
        return dead
                || role == null
                || (scheduled()
                        && host().disk().idle()
                        && host().link().endpoint().drained());
    }

    /** Whether the process's threads run now. */
    boolean scheduled() {
        return !dead && world.nowNanos() >= frozenUntilNanos;
    }

    long shownNanos() {
        return clock.shows(world.nowNanos());
    }

    void slowness(int factor) {
        slowness = factor;
    }

    /** The user stops it: a primary says goodbye, whoever else is just ended. */
    void quit() {
        if (role instanceof Live || (role instanceof Starting.Primary && joined())) {
            quitDue = true;
            wake();
        } else {
            world.kill(this, Ending.KILL);
        }
    }

    void freeze(long nanos) {
        frozenUntilNanos = Math.max(frozenUntilNanos, world.nowNanos() + nanos);
    }

    @Override
    public void wake() {
        wantsNanos = Math.min(wantsNanos, world.nowNanos());
    }

    @Override
    public void live(long generation) {
        if (inputsFollowed < 0 && side == Side.BACKUP) {
            inputsFollowed = probe().inputs().size();
            emissionsFollowed = probe().emissions().size();
        }
        world.wentLive(this, generation);
    }

    @Override
    public void crossing(Crossing crossing) {
        crossings++;
        world.trace().event(world.nowNanos(), crossing.name(), index * 1_000_000_000L + crossings);
        Strike due = strike;
        if (due != null && crossings >= due.crossing()) {
            strike = null;
            Ending ending = due.ending();
            if (ending != null) {
                world.kill(this, ending);
            } else {
                freeze(due.stopNanos());
                world.passTime(frozenUntilNanos);
            }
        }
        if (dead) {
            throw new ProcessEnd();
        }
    }

    /** When something is due here; {@link Long#MAX_VALUE} for never. */
    long nextNanos() {
        if (dead || polling || role == null) {
            return Pipe.NEVER;
        }
        long next = Math.min(host().disk().nextNanos(), leftByNanos);
        if (outcome == null) {
            next = Math.min(next, Math.min(steadyNanos, arbiter().nextNanos()));
            next = Math.min(next, Math.max(freeNanos, Math.min(wantsNanos, arrivalNanos())));
        }
        return Math.max(next, frozenUntilNanos);
    }

    private long arrivalNanos() {
        long next = Pipe.NEVER;
        for (SimChannel line : lines) {
            next = Math.min(next, line.nextNanos(side));
        }
        return next;
    }

    /** Does what is due. */
    void step() {
        long now = world.nowNanos();
        if (dead || polling || role == null || now < frozenUntilNanos) {
            return;
        }
        host().disk().run(now);
        Steady heartbeats = steady;
        if (heartbeats != null && now >= steadyNanos) {
            steadyNanos = now + heartbeats.periodNanos();
            heartbeats.run(shownNanos());
        }
        if (outcome != null) {
            leave(now);
        } else if (asked(now) && now >= freeNanos && now >= Math.min(wantsNanos, arrivalNanos())) {
            poll();
        }
    }

    /** The arbiter's threads have their turn; @return whether the process is still there and runs */
    private boolean asked(long now) {
        try {
            arbiter().run(now);
        } catch (ProcessEnd e) {
            return false;
        }
        return world.nowNanos() >= frozenUntilNanos;
    }

    private void poll() {
        long before = machine.icount();
        polling = true;
        wantsNanos = Pipe.NEVER;
        try {
            long shown = shownNanos();
            Live leaving = live();
            if (quitDue && leaving != null) {
                quitDue = false;
                leaving.stop("stopped by the user", shown);
            }
            long next = role().poll(shown);
            long wanted = next >= shown + LONGEST_PARK_NANOS
                    ? world.nowNanos() + LONGEST_PARK_NANOS
                    : next <= shown ? world.nowNanos() : clock.when(next);
            wantsNanos = Math.min(wantsNanos, wanted);
        } catch (ProcessEnd e) {
            return;
        } catch (RuntimeException e) {
            world.violation("escaped exception in %s at icount %d: %s".formatted(name, machine.icount(), e));
            world.kill(this, Ending.KILL);
            return;
        } finally {
            polling = false;
        }
        long ran = machine.icount() - before;
        freeNanos = world.nowNanos() + (STEP_NANOS + ran * world.nanosPerInstruction()) * slowness;
        outcome = role().outcome();
        if (outcome != null) {
            end();
        }
    }

    /** The process ends by itself: its link lets out what was sent, everything else is closed. */
    private void end() {
        world.trace().event(world.nowNanos(), name + " ends", () -> String.valueOf(outcome));
        lines.forEach(line -> line.die(side));
        host().link().drain();
        leftByNanos = world.nowNanos() + DRAIN_NANOS;
    }

    private void leave(long now) {
        if (now >= leftByNanos) {
            leftByNanos = Pipe.NEVER;
            host().link().die(Ending.KILL, now);
        }
    }

    void die(Ending ending) {
        dead = true;
        host().die(ending, world.nowNanos());
        arbiter().die(chance, world.directory());
    }

    private SimArbiter arbiter() {
        return required(arbiter);
    }

    private static <T> T required(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("a process is used before it is composed");
        }
        return part;
    }
}
