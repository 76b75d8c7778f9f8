package hartbeat.emulator.executor;

import hartbeat.emulator.hart.Hart;

/** A way to run a hart: interpreter or translator. Both leave the same state behind at every icount. */
public interface Executor {
    /**
     * Runs {@code hart} from the present icount until the machine's icount is {@code limit}, exactly, or earlier when the hart waits (WFI), is
     * stalled, or the machine's {@code RunState} asks to leave. Pending enabled interrupts are taken before each instruction.
     */
    void run(Hart hart, long limit);

    /** Forgets everything that is cached; the guest cannot notice. */
    void flush();
}
