package hartbeat.emulator.hart;

import hartbeat.emulator.machine.RunState;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;

/**
 * {@code mcycle} or {@code minstret}: the machine's icount with an offset, or a value that stands still while it is inhibited or
 * stopped. {@code minstret} is stopped while other harts have their turn; {@code mcycle} counts what all harts do.
 */
final class Counter {
    private final RunState run;
    private long offset;
    private long held;
    private boolean inhibited;
    private boolean stopped;

    Counter(RunState run) {
        this.run = run;
    }

    void reset() {
        offset = -run.icount();
        held = 0;
        inhibited = false;
    }

    long value() {
        return inhibited || stopped ? held : run.icount() + offset;
    }

    /** The next instruction reads the written value: the instruction that writes does not count itself (Priv. 3.1.10). */
    void write(long value) {
        held = value;
        offset = value - (run.icount() + 1);
    }

    void inhibit(boolean inhibit) {
        if (inhibit != inhibited) {
            write(value());
            inhibited = inhibit;
        }
    }

    /** Between instructions: another hart's turn begins, or this one's. */
    void stop(boolean stop) {
        if (stop != stopped) {
            held = value();
            offset = held - run.icount();
            stopped = stop;
        }
    }

    boolean inhibited() {
        return inhibited;
    }

    void save(StateWriter writer) {
        writer.i64(offset).i64(held).flag(inhibited).flag(stopped);
    }

    void restore(StateReader reader) {
        offset = reader.i64();
        held = reader.i64();
        inhibited = reader.flag();
        stopped = reader.flag();
    }
}
