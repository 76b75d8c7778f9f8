package hartbeat.emulator.time;

import hartbeat.emulator.io.Input;
import hartbeat.emulator.machine.RunState;
import hartbeat.emulator.state.StateFormatException;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;
import hartbeat.emulator.state.Stateful;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code mtime} and the real-time clock as functions of icount (DESIGN 4), and the one next deadline of all that wait for them.
 */
public final class Clock implements Stateful {
    /** Ticks of {@code mtime} per second; the device tree's {@code timebase-frequency}. */
    public static final long TICKS_PER_SECOND = 10_000_000;

    public static final int NANOS_PER_TICK = 100;

    /** No icount is ever this great. */
    public static final long NEVER = Long.MAX_VALUE;

    private final RunState run;
    private final List<TimeWaiter> waiters = new ArrayList<>();
    private long baseIcount;
    private long baseMtime;
    private long rate;
    private long epochNanosAtMtimeZero;
    private long deadlineIcount = NEVER;

    public Clock(RunState run) {
        this.run = run;
    }

    /** Called while the board is built, always in the same order. */
    public void register(TimeWaiter waiter) {
        waiters.add(waiter);
    }

    /** {@code mtime} at the present icount, unsigned ticks. */
    public long mtime() {
        return mtimeAt(run.icount());
    }

    /** Nanoseconds since 1970 at the present icount. */
    public long epochNanos() {
        return epochNanosAtMtimeZero + mtime() * NANOS_PER_TICK;
    }

    /** Applies a sample at the present icount; a sample that would move time back moves it not at all. */
    public void apply(Input.TimeSample sample) {
        long now = mtime();
        baseMtime = Long.compareUnsigned(sample.mtime(), now) < 0 ? now : sample.mtime();
        baseIcount = run.icount();
        rate = Math.max(0, sample.rate());
        notifyWaiters();
    }

    public void apply(Input.WallClock wallClock) {
        epochNanosAtMtimeZero = wallClock.epochNanos() - mtime() * NANOS_PER_TICK;
        // An alarm of the real-time clock may be due by now, or no longer soon.
        notifyWaiters();
    }

    /** Writing {@code mtime} through the CLINT moves it to a value of the guest's choice; the real-time clock does not follow. */
    public void setMtime(long mtime) {
        epochNanosAtMtimeZero -= (mtime - mtime()) * NANOS_PER_TICK;
        baseMtime = mtime;
        baseIcount = run.icount();
        deadlineChanged();
    }

    /** A waiter's deadline was moved: its interrupt level is set at once and the executor leaves to learn the new limit. */
    public void deadlineChanged() {
        notifyWaiters();
        run.requestLeave();
    }

    /** First icount after the present one at which a waiter must be told, or {@link #NEVER}. */
    public long deadlineIcount() {
        return deadlineIcount;
    }

    /** The earliest unsigned {@code mtime} that a waiter waits for and that is not reached yet, or {@link TimeWaiter#NEVER}. */
    public long deadlineMtime() {
        long now = mtime();
        long earliest = TimeWaiter.NEVER;
        for (TimeWaiter waiter : waiters) {
            long deadline = waiter.deadlineMtime();
            if (Long.compareUnsigned(deadline, now) > 0 && Long.compareUnsigned(deadline, earliest) < 0) {
                earliest = deadline;
            }
        }
        return earliest;
    }

    /** Tells the waiters if the present icount has reached the deadline. */
    public void fireDue() {
        if (run.icount() >= deadlineIcount) {
            notifyWaiters();
        }
    }

    private void notifyWaiters() {
        long now = mtime();
        for (TimeWaiter waiter : waiters) {
            waiter.onTime(now);
        }
        deadlineIcount = icountReaching(deadlineMtime());
    }

    private long mtimeAt(long icount) {
        long elapsed = icount - baseIcount;
        return baseMtime + (Math.unsignedMultiplyHigh(elapsed, rate) << 32 | (elapsed * rate) >>> 32);
    }

    /**
     * The first icount at which {@code mtime} is at least {@code target}, given that it is not so yet: the least {@code elapsed} with
     * {@code elapsed * rate >= ticks << 32}.
     */
    private long icountReaching(long target) {
        if (target == TimeWaiter.NEVER || rate == 0) {
            return NEVER;
        }
        long ticks = target - baseMtime;
        long elapsed = ceilingOfScaled(ticks, rate);
        return elapsed < 0 || elapsed >= NEVER - baseIcount ? NEVER : baseIcount + elapsed;
    }

    /** {@code ceil(ticks * 2^32 / divisor)} for unsigned ticks and a positive divisor; negative if it exceeds 63 bits. */
    static long ceilingOfScaled(long ticks, long divisor) {
        long quotient = Long.divideUnsigned(ticks, divisor);
        long rest = Long.remainderUnsigned(ticks, divisor);
        if (quotient >>> 31 != 0) {
            return -1;
        }
        if (rest >>> 31 == 0) {
            long scaled = rest << 32;
            return (quotient << 32) + scaled / divisor + (scaled % divisor == 0 ? 0 : 1);
        }
        for (int bit = 0; bit < 32; bit++) {
            // rest < divisor < 2^63, so that doubling it stays below 2^64.
            rest <<= 1;
            quotient <<= 1;
            if (Long.compareUnsigned(rest, divisor) >= 0) {
                rest -= divisor;
                quotient++;
            }
        }
        return rest == 0 ? quotient : quotient + 1;
    }

    @Override
    public String name() {
        return "clock";
    }

    @Override
    public void save(StateWriter writer) {
        writer.i64(baseIcount).i64(baseMtime).i64(rate).i64(epochNanosAtMtimeZero);
    }

    @Override
    public void restore(StateReader reader) {
        baseIcount = reader.i64();
        baseMtime = reader.i64();
        rate = reader.i64();
        epochNanosAtMtimeZero = reader.i64();
        if (baseIcount < 0 || baseIcount > run.icount() || rate < 0) {
            throw new StateFormatException(
                    "clock: expected=a sample at icount 0..%d and a rate of 0 or more, actual=%d and %d"
                            .formatted(run.icount(), baseIcount, rate));
        }
    }

    /** To be called when everything is restored, as deadlines come from other parts. */
    public void restored() {
        deadlineIcount = icountReaching(deadlineMtime());
    }
}
