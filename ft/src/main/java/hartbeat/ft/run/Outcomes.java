package hartbeat.ft.run;

import hartbeat.emulator.io.Output;

/** How a guest's own end becomes the end of a process. */
public final class Outcomes {
    private Outcomes() {}

    public static Role.Outcome poweredOff(Output.PowerOff off) {
        return new Role.Outcome(off.exitCode() == 0 ? Role.Outcome.DONE : Role.Outcome.FAILED, off.reason());
    }
}
