package hartbeat.emulator.hart;

import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;
import hartbeat.emulator.state.Stateful;
import hartbeat.emulator.time.TimeWaiter;

/** A RISC-V hardware thread: registers, CSRs, privilege (skeleton: helper "cpu" fills this in and keeps these signatures). */
public final class Hart implements Stateful, TimeWaiter {
    private final int id;

    public Hart(int id) {
        this.id = id;
    }

    public int id() {
        return id;
    }

    /** Reset state; execution begins at {@code pc} in M-mode with a0 and a1 as given. */
    public void reset(int pc, int a0, int a1) {}

    /** Waits in WFI (or is stalled) and no enabled interrupt is pending. */
    public boolean waiting() {
        return false;
    }

    /** Sets the level of an interrupt-pending bit that is driven from outside: MSIP 3, MTIP 7, SEIP 9, MEIP 11 (Priv. 3.1.9). */
    public void interruptLevel(int bit, boolean asserted) {}

    @Override
    public long deadlineMtime() {
        return NEVER;
    }

    @Override
    public void onTime(long mtime) {}

    @Override
    public String name() {
        return "hart" + id;
    }

    @Override
    public void save(StateWriter writer) {}

    @Override
    public void restore(StateReader reader) {}
}
