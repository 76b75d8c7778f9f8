package hartbeat.ft.run;

import hartbeat.emulator.io.Input;

/** What the machine is to do next. */
public sealed interface Step {
    /** Apply the input at the present icount. */
    record Apply(Input input) implements Step {}

    /**
     * Run until this icount is reached, the machine is idle, or it is off.
     *
     * @param afterOutput instructions that the machine may still go on for once it has made an output, as others wait for that
     */
    record RunTo(long icount, long afterOutput) implements Step {}

    /** Do nothing until this host time, or until something happens on the host. */
    record Wait(long untilNanos) implements Step {}

    /** No time: wait for an event alone. */
    long FOREVER = Long.MAX_VALUE;
}
