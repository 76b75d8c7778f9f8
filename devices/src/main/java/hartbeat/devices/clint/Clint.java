package hartbeat.devices.clint;

import hartbeat.devices.Mistakes;
import hartbeat.emulator.bus.InterruptLine;
import hartbeat.emulator.bus.MmioDevice;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;
import hartbeat.emulator.time.Clock;
import hartbeat.emulator.time.TimeWaiter;
import java.util.ArrayList;
import java.util.List;

/**
 * Core-local interruptor: {@code msip} and {@code mtimecmp} of each hart, and {@code mtime} (SiFive FU540-C000 manual, chapter 9).
 * Registers are accessed as 32-bit words.
 */
public final class Clint implements MmioDevice {
    /** Bytes of address space. */
    public static final int SIZE = 0x10000;

    private static final int MSIP = 0x0000;
    private static final int MTIMECMP = 0x4000;
    private static final int MTIME = 0xbff8;

    /**
     * Wires to one hart.
     *
     * @param msip machine software interrupt
     * @param mtip machine timer interrupt
     */
    public record HartLines(InterruptLine msip, InterruptLine mtip) {}

    /** One hart's share. */
    private static final class Local implements TimeWaiter {
        private final HartLines lines;
        private boolean msip;
        private long mtimecmp = NEVER;

        Local(HartLines lines) {
            this.lines = lines;
        }

        @Override
        public long deadlineMtime() {
            return mtimecmp;
        }

        @Override
        public void onTime(long mtime) {
            lines.mtip().level(Long.compareUnsigned(mtime, mtimecmp) >= 0);
        }
    }

    private final Clock clock;
    private final List<Local> harts = new ArrayList<>();
    private final Mistakes mistakes = new Mistakes();

    /** @param lines one per hart, in the order of hart ids */
    public Clint(Clock clock, List<HartLines> lines) {
        this.clock = clock;
        for (HartLines hart : lines) {
            Local local = new Local(hart);
            harts.add(local);
            clock.register(local);
        }
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
        if (offset >= MTIME) {
            return offset < MTIME + 8 ? word(clock.mtime(), offset) : 0;
        }
        int hart = hartAt(offset);
        if (hart < 0) {
            return 0;
        }
        Local local = harts.get(hart);
        if (offset >= MTIMECMP) {
            return word(local.mtimecmp, offset);
        }
        return local.msip ? 1 : 0;
    }

    @Override
    public void store(int offset, int width, int value) {
        if (width != 4) {
            mistakes.count(Mistakes.Kind.BAD_REGISTER_ACCESS);
            return;
        }
        if (offset >= MTIME) {
            if (offset < MTIME + 8) {
                clock.setMtime(withWord(clock.mtime(), offset, value));
            }
            return;
        }
        int hart = hartAt(offset);
        if (hart < 0) {
            return;
        }
        Local local = harts.get(hart);
        if (offset >= MTIMECMP) {
            local.mtimecmp = withWord(local.mtimecmp, offset, value);
            clock.deadlineChanged();
        } else {
            local.msip = (value & 1) != 0;
            local.lines.msip().level(local.msip);
        }
    }

    /** The hart whose register lies there, or -1. */
    private int hartAt(int offset) {
        int hart = offset >= MTIMECMP ? (offset - MTIMECMP) / 8 : (offset - MSIP) / 4;
        return hart < harts.size() ? hart : -1;
    }

    private static int word(long value, int offset) {
        return (int) ((offset & 4) == 0 ? value : value >>> 32);
    }

    private static long withWord(long value, int offset, int word) {
        long unsigned = word & 0xffff_ffffL;
        return (offset & 4) == 0
                ? value & 0xffff_ffff_0000_0000L | unsigned
                : value & 0x0000_0000_ffff_ffffL | unsigned << 32;
    }

    @Override
    public void reset() {
        for (Local local : harts) {
            local.msip = false;
            local.mtimecmp = TimeWaiter.NEVER;
            local.lines.msip().level(false);
        }
        clock.deadlineChanged();
    }

    @Override
    public String name() {
        return "clint";
    }

    @Override
    public void save(StateWriter writer) {
        for (Local local : harts) {
            writer.flag(local.msip).i64(local.mtimecmp);
        }
    }

    @Override
    public void restore(StateReader reader) {
        for (Local local : harts) {
            local.msip = reader.flag();
            local.mtimecmp = reader.i64();
        }
    }
}
