package hartbeat.ft.run;

import hartbeat.emulator.io.Emission;
import hartbeat.emulator.machine.Stop;

/** Takes the steps that a source chooses and hands the emissions to an outlet. */
public final class RunLoop {
    /** Inputs applied in one call at most, so that a flood of them cannot keep the caller from its other work. */
    private static final int APPLIES_PER_POLL = 256;

    private final Guest guest;
    private final InputSource source;
    private final Outlet outlet;
    private Stop last = Stop.REACHED;

    public RunLoop(Guest guest, InputSource source, Outlet outlet) {
        this.guest = guest;
        this.source = source;
        this.outlet = outlet;
    }

    /**
     * Applies the inputs that are due and runs one step at most.
     *
     * @return the host time at which to call again, unless an event comes first: not after {@code nowNanos} for at once,
     *     {@link Step#FOREVER} for on an event only
     */
    public long poll(long nowNanos) {
        for (int i = 0; i < APPLIES_PER_POLL; i++) {
            switch (source.next(guest, last, nowNanos)) {
                case Step.Apply apply -> {
                    guest.apply(apply.input());
                    last = Stop.REACHED;
                    drain(nowNanos);
                }
                case Step.RunTo run -> {
                    run(run, nowNanos);
                    return nowNanos;
                }
                case Step.Wait wait -> {
                    return wait.untilNanos();
                }
            }
        }
        return nowNanos;
    }

    private void run(Step.RunTo run, long nowNanos) {
        last = guest.runUntil(run.icount());
        drain(nowNanos);
        long limit = Math.min(run.icount(), guest.icount() + run.afterOutput());
        while (last == Stop.OUTPUT && !outlet.full()) {
            last = guest.runUntil(limit);
            drain(nowNanos);
        }
    }

    private void drain(long nowNanos) {
        Emission emission = guest.pollOutput();
        while (emission != null) {
            outlet.accept(emission, nowNanos);
            emission = guest.pollOutput();
        }
    }
}
