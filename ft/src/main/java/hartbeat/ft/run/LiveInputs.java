package hartbeat.ft.run;

import hartbeat.emulator.io.Input;
import hartbeat.emulator.machine.Stop;
import hartbeat.ft.log.LogEntry;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Inputs of a live machine: time samples and what waits on the host. Guest time follows host time a shade slow, so that each sample
 * moves it forward: about one a millisecond while the guest is busy, one on each wake-up of an idle guest (DESIGN 4).
 */
public final class LiveInputs implements InputSource {
    /** Console input of this length is applied at once or not at all; longer input goes in pieces (16550: a FIFO of 16). */
    public static final int CONSOLE_PIECE = 16;

    /** Less than the longest quantum by as much as one may be too short, so that nearly each of those ends with a sample. */
    private static final long SAMPLE_NANOS = 750_000;

    private static final long SAMPLE_TICKS = 10_000;
    private static final int NANOS_PER_TICK = 100;
    private static final long FARTHEST_TICKS = 1L << 52;
    private static final long FIRST_MIPS = 50;

    private final HostPort host;
    private final Deque<Input> first;
    private long[] appliedTickets;
    private final Predicate<Input> admissible = this::admissible;
    private final Pace pace = new Pace(FIRST_MIPS);
    private @Nullable Guest guest;
    private Input.@Nullable WallClock wallClock;
    private @Nullable Input waiting;
    private boolean started;
    private long offsetNanos;
    private long sampledNanos;
    private long sampledMtime;
    private long sampledIcount;
    private long sampledRate;
    private long runNanos = -1;
    private long runIcount;
    private long emitted;
    private long samples;

    /**
     * @param wallClock what the real-time clock is set to before the first instruction; null for a machine that has begun already,
     *     as after a take-over
     */
    public LiveInputs(HostPort host, Input.@Nullable WallClock wallClock) {
        this(host, wallClock, new long[0], List.of());
    }

    /**
     * @param appliedTickets by device: the last ticket that the machine holds already; a keeper's repeat of it is dropped
     * @param first inputs that come before all that the host gives, such as completions that a backup's own disk has given early
     */
    public LiveInputs(HostPort host, Input.@Nullable WallClock wallClock, long[] appliedTickets, List<Input> first) {
        this.host = host;
        this.wallClock = wallClock;
        this.appliedTickets = appliedTickets.clone();
        this.first = new ArrayDeque<>(first);
    }

    /** By device: the last ticket that the machine holds; as long as the highest device with one. */
    public long[] appliedTickets() {
        return appliedTickets.clone();
    }

    /** Measured speed while busy, in million instructions per second. */
    public double mips() {
        return pace.mips();
    }

    /** Time samples given so far. */
    public long samples() {
        return samples;
    }

    @Override
    public Step next(Guest machine, Stop last, long nowNanos) {
        guest = machine;
        measure(machine, nowNanos);
        if (!started) {
            started = true;
            offsetNanos = machine.mtime() * NANOS_PER_TICK - nowNanos;
            return sample(machine, nowNanos);
        }
        if (wallClock != null) {
            Input clock = wallClock;
            wallClock = null;
            return new Step.Apply(clock);
        }
        if (last == Stop.OFF) {
            return new Step.Wait(Step.FOREVER);
        }
        Step step = hostInput(machine, last == Stop.IDLE, nowNanos);
        if (step != null) {
            pace.stirred();
            return step;
        }
        if (last == Stop.IDLE) {
            return idle(machine, nowNanos);
        }
        if (nowNanos - sampledNanos >= SAMPLE_NANOS) {
            return sample(machine, nowNanos);
        }
        runNanos = nowNanos;
        runIcount = machine.icount();
        if (machine.emitted() != emitted) {
            emitted = machine.emitted();
            pace.stirred();
        }
        return pace.step(runIcount);
    }

    private void measure(Guest machine, long nowNanos) {
        if (runNanos >= 0) {
            pace.ran(machine.icount() - runIcount, nowNanos - runNanos);
            runNanos = -1;
        }
    }

    /** The next host input; an idle guest is told the time first, as its clock has stood still. */
    private @Nullable Step hostInput(Guest machine, boolean idle, long nowNanos) {
        if (waiting == null) {
            waiting = poll();
        }
        if (waiting == null) {
            return null;
        }
        if (idle) {
            return sample(machine, nowNanos);
        }
        Input input = waiting;
        waiting = null;
        if (input instanceof Input.ConsoleInput console) {
            return console(machine, console);
        }
        return new Step.Apply(input);
    }

    /** The next that is no repeat and can be held in a log. */
    private @Nullable Input poll() {
        Input early = first.poll();
        if (early != null) {
            return early;
        }
        Input input = host.poll(admissible);
        while (input != null && (repeats(input) || !fits(input))) {
            input = host.poll(admissible);
        }
        return input;
    }

    /** A frame that no log entry can hold never reaches the machine, whatever the switch has let pass. */
    private static boolean fits(Input input) {
        return !(input instanceof Input.FrameReceived frame)
                || (frame.frame().length >= LogEntry.MIN_FRAME_BYTES
                        && frame.frame().length <= LogEntry.MAX_FRAME_BYTES);
    }

    private boolean repeats(Input input) {
        return switch (input) {
            case Input.ConsoleInput console -> repeats(console.device(), console.ticket());
            case Input.FrameReceived frame -> repeats(frame.device(), frame.ticket());
            case Input.TimeSample _, Input.WallClock _, Input.DiskCompletion _, Input.Entropy _ -> false;
        };
    }

    private boolean repeats(int device, long ticket) {
        if (ticket == 0) {
            return false;
        }
        if (device >= appliedTickets.length) {
            appliedTickets = Arrays.copyOf(appliedTickets, device + 1);
        }
        if (ticket <= appliedTickets[device]) {
            return true;
        }
        appliedTickets[device] = ticket;
        return false;
    }

    /** Applies as many bytes as there is room for; the ticket goes with the last piece. */
    private @Nullable Step console(Guest machine, Input.ConsoleInput console) {
        int room = machine.room(console.device());
        byte[] bytes = console.bytes();
        if (bytes.length <= room) {
            return new Step.Apply(console);
        }
        int first = Math.min(room, bytes.length);
        waiting = new Input.ConsoleInput(
                console.device(), console.ticket(), Arrays.copyOfRange(bytes, first, bytes.length));
        return first == 0
                ? null
                : new Step.Apply(new Input.ConsoleInput(console.device(), 0, Arrays.copyOf(bytes, first)));
    }

    private boolean admissible(Input input) {
        Guest machine = guest;
        if (machine == null) {
            return false;
        }
        return switch (input) {
            case Input.ConsoleInput console ->
                machine.room(console.device()) >= Math.min(console.bytes().length, CONSOLE_PIECE);
            case Input.FrameReceived frame -> machine.room(frame.device()) >= 1;
            case Input.TimeSample _, Input.WallClock _, Input.DiskCompletion _, Input.Entropy _ -> true;
        };
    }

    private Step idle(Guest machine, long nowNanos) {
        long deadline = machine.deadlineMtime();
        followGuestWrites(machine);
        long ahead = deadline - hostTicks(nowNanos);
        if (deadline == -1 || Long.compareUnsigned(deadline, machine.mtime()) <= 0 || ahead > FARTHEST_TICKS) {
            return new Step.Wait(Step.FOREVER);
        }
        if (ahead <= 0) {
            return sample(machine, nowNanos);
        }
        return new Step.Wait(deadline * NANOS_PER_TICK - offsetNanos);
    }

    private Step sample(Guest machine, long nowNanos) {
        followGuestWrites(machine);
        long ahead = machine.mtime() - hostTicks(nowNanos);
        long nominal = pace.rate();
        long rate = nominal - nominal / 64;
        if (ahead > 0) {
            rate = rate / SAMPLE_TICKS * Math.clamp(SAMPLE_TICKS - ahead, SAMPLE_TICKS / 4, SAMPLE_TICKS);
        }
        sampledNanos = nowNanos;
        sampledMtime = ahead > 0 ? machine.mtime() : hostTicks(nowNanos);
        sampledIcount = machine.icount();
        sampledRate = rate;
        samples++;
        return new Step.Apply(new Input.TimeSample(sampledMtime, rate));
    }

    /** A guest that has written {@code mtime} through its CLINT keeps the time that it chose, and host time is followed from there. */
    private void followGuestWrites(Guest machine) {
        if (samples == 0) {
            return;
        }
        long elapsed = machine.icount() - sampledIcount;
        long expected =
                sampledMtime + (Math.unsignedMultiplyHigh(elapsed, sampledRate) << 32 | (elapsed * sampledRate) >>> 32);
        long written = machine.mtime() - expected;
        if (written != 0) {
            offsetNanos += written * NANOS_PER_TICK;
            sampledMtime += written;
        }
    }

    private long hostTicks(long nowNanos) {
        return (nowNanos + offsetNanos) / NANOS_PER_TICK;
    }
}
