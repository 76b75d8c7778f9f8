package hartbeat.emulator.executor.interpreter;

import hartbeat.emulator.executor.Executor;
import hartbeat.emulator.hart.Hart;
import hartbeat.emulator.machine.RunState;

/** The reference: one instruction at a time, with no cache of its own. */
public final class StepExecutor implements Executor {
    private final RunState run;

    public StepExecutor(RunState run) {
        this.run = run;
    }

    @Override
    public void run(Hart hart, long limit) {
        while (run.icount() < limit && !hart.waiting()) {
            hart.takeInterrupt();
            SingleStep.run(run, hart);
            if (run.leaveRequested()) {
                return;
            }
        }
    }

    @Override
    public void flush() {}
}
