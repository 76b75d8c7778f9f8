package hartbeat.emulator.machine;

/**
 * What the machine, its executors and its devices share while it runs: how far it has come, and the wish to stop after the
 * present instruction. An executor brings {@link #icount} up to date before it calls anything outside itself.
 */
public final class RunState {
    private long icount;
    private boolean leave;

    /** Retired instructions of all harts since the machine's first power-on. */
    public long icount() {
        return icount;
    }

    public void icount(long value) {
        icount = value;
    }

    /** Asks the executor to return once the present instruction has retired: an output, a deadline or an interrupt has changed. */
    public void requestLeave() {
        leave = true;
    }

    public boolean leaveRequested() {
        return leave;
    }

    public void clearLeave() {
        leave = false;
    }
}
