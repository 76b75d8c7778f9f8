package hartbeat.devices.rtc;

import hartbeat.devices.Mistakes;
import hartbeat.emulator.bus.InterruptLine;
import hartbeat.emulator.bus.MmioDevice;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;
import hartbeat.emulator.time.Clock;
import hartbeat.emulator.time.TimeWaiter;

/**
 * Goldfish real-time clock: nanoseconds since 1970 and one alarm. A read of {@code TIME_LOW} latches {@code TIME_HIGH}; a write of a
 * low word takes effect together with the high word written before.
 */
public final class GoldfishRtc implements MmioDevice, TimeWaiter {
    /** Bytes of address space. */
    public static final int SIZE = 0x1000;

    private static final int TIME_LOW = 0x00;
    private static final int TIME_HIGH = 0x04;
    private static final int ALARM_LOW = 0x08;
    private static final int ALARM_HIGH = 0x0c;
    private static final int IRQ_ENABLED = 0x10;
    private static final int CLEAR_ALARM = 0x14;
    private static final int ALARM_STATUS = 0x18;
    private static final int CLEAR_INTERRUPT = 0x1c;

    private final Clock clock;
    private final InterruptLine line;
    private final Mistakes mistakes = new Mistakes();
    /** How far the guest has set this clock ahead of the machine's. */
    private long offsetNanos;

    private int latchedHigh;
    private int writtenTimeHigh;
    private int alarmHigh;
    private long alarmNanos;
    private boolean alarmSet;
    private boolean interruptEnabled;
    private boolean interruptPending;

    public GoldfishRtc(Clock clock, InterruptLine line) {
        this.clock = clock;
        this.line = line;
        clock.register(this);
    }

    public Mistakes mistakes() {
        return mistakes;
    }

    @Override
    public int load(int offset, int width) {
        if (width != 4) {
            mistakes.count(Mistakes.Kind.BAD_REGISTER_ACCESS);
            return 0;
        }
        return switch (offset) {
            case TIME_LOW -> {
                long now = nowNanos();
                latchedHigh = (int) (now >>> 32);
                yield (int) now;
            }
            case TIME_HIGH -> latchedHigh;
            case ALARM_LOW -> (int) alarmNanos;
            case ALARM_HIGH -> (int) (alarmNanos >>> 32);
            case IRQ_ENABLED -> interruptEnabled ? 1 : 0;
            case ALARM_STATUS -> alarmSet ? 1 : 0;
            default -> 0;
        };
    }

    @Override
    public void store(int offset, int width, int value) {
        if (width != 4) {
            mistakes.count(Mistakes.Kind.BAD_REGISTER_ACCESS);
            return;
        }
        switch (offset) {
            case TIME_LOW -> {
                offsetNanos = ((long) writtenTimeHigh << 32 | value & 0xffff_ffffL) - clock.epochNanos();
                clock.deadlineChanged();
            }
            case TIME_HIGH -> writtenTimeHigh = value;
            case ALARM_LOW -> {
                alarmNanos = (long) alarmHigh << 32 | value & 0xffff_ffffL;
                alarmSet = true;
                clock.deadlineChanged();
            }
            case ALARM_HIGH -> alarmHigh = value;
            case IRQ_ENABLED -> {
                interruptEnabled = (value & 1) != 0;
                drive();
            }
            case CLEAR_ALARM -> {
                alarmSet = false;
                clock.deadlineChanged();
            }
            case CLEAR_INTERRUPT -> {
                interruptPending = false;
                drive();
            }
            default -> mistakes.count(Mistakes.Kind.BAD_REGISTER_ACCESS);
        }
    }

    private long nowNanos() {
        return clock.epochNanos() + offsetNanos;
    }

    private void drive() {
        line.level(interruptPending && interruptEnabled);
    }

    @Override
    public long deadlineMtime() {
        if (!alarmSet) {
            return NEVER;
        }
        long missingNanos = alarmNanos - nowNanos();
        if (missingNanos <= 0) {
            return clock.mtime();
        }
        return clock.mtime() + Math.ceilDiv(missingNanos, Clock.NANOS_PER_TICK);
    }

    @Override
    public void onTime(long mtime) {
        if (alarmSet && alarmNanos - nowNanos() <= 0) {
            alarmSet = false;
            interruptPending = true;
            drive();
        }
    }

    @Override
    public void reset() {
        offsetNanos = 0;
        latchedHigh = 0;
        writtenTimeHigh = 0;
        alarmHigh = 0;
        alarmNanos = 0;
        alarmSet = false;
        interruptEnabled = false;
        interruptPending = false;
        drive();
        clock.deadlineChanged();
    }

    @Override
    public String name() {
        return "rtc";
    }

    @Override
    public void save(StateWriter writer) {
        writer.i64(offsetNanos)
                .i32(latchedHigh)
                .i32(writtenTimeHigh)
                .i32(alarmHigh)
                .i64(alarmNanos);
        writer.flag(alarmSet).flag(interruptEnabled).flag(interruptPending);
    }

    @Override
    public void restore(StateReader reader) {
        offsetNanos = reader.i64();
        latchedHigh = reader.i32();
        writtenTimeHigh = reader.i32();
        alarmHigh = reader.i32();
        alarmNanos = reader.i64();
        alarmSet = reader.flag();
        interruptEnabled = reader.flag();
        interruptPending = reader.flag();
    }
}
