package hartbeat.emulator.rig;

import hartbeat.emulator.bus.MmioDevice;
import hartbeat.emulator.hart.Hart;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;
import hartbeat.emulator.time.Clock;
import hartbeat.emulator.time.TimeWaiter;
import java.util.List;

/** Enough of a CLINT for tests: msip at 4 * hart, mtimecmp of hart 0 at 0x4000, mtime at 0xbff8; words only. */
final class Clint implements MmioDevice, TimeWaiter {
    private final Clock clock;
    private final List<Hart> harts;
    private long mtimecmp = NEVER;
    private int msip;

    Clint(Clock clock, List<Hart> harts) {
        this.clock = clock;
        this.harts = harts;
    }

    @Override
    public int load(int offset, int width) {
        return switch (offset) {
            case 0x4000 -> (int) mtimecmp;
            case 0x4004 -> (int) (mtimecmp >>> 32);
            case 0xbff8 -> (int) clock.mtime();
            case 0xbffc -> (int) (clock.mtime() >>> 32);
            default -> offset < 4 * harts.size() ? msip >>> offset / 4 & 1 : 0;
        };
    }

    @Override
    public void store(int offset, int width, int value) {
        if (offset == 0x4000) {
            mtimecmp = (mtimecmp & ~0xffff_ffffL) | (value & 0xffff_ffffL);
            clock.deadlineChanged();
        } else if (offset == 0x4004) {
            mtimecmp = (mtimecmp & 0xffff_ffffL) | (long) value << 32;
            clock.deadlineChanged();
        } else if (offset == 0xbff8) {
            clock.setMtime((clock.mtime() & ~0xffff_ffffL) | (value & 0xffff_ffffL));
        } else if (offset == 0xbffc) {
            clock.setMtime((clock.mtime() & 0xffff_ffffL) | (long) value << 32);
        } else if (offset < 4 * harts.size()) {
            int hart = offset / 4;
            msip = (msip & ~(1 << hart)) | (value & 1) << hart;
            harts.get(hart).interruptLevel(3, (value & 1) != 0);
        }
    }

    @Override
    public long deadlineMtime() {
        return mtimecmp;
    }

    @Override
    public void onTime(long mtime) {
        harts.getFirst().interruptLevel(7, Long.compareUnsigned(mtime, mtimecmp) >= 0);
    }

    @Override
    public void reset() {
        mtimecmp = NEVER;
        msip = 0;
        for (Hart hart : harts) {
            hart.interruptLevel(3, false);
            hart.interruptLevel(7, false);
        }
    }

    @Override
    public String name() {
        return "clint";
    }

    @Override
    public void save(StateWriter writer) {
        writer.i64(mtimecmp).i32(msip);
    }

    @Override
    public void restore(StateReader reader) {
        mtimecmp = reader.i64();
        msip = reader.i32();
    }
}
