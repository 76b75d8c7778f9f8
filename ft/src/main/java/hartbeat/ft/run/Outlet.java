package hartbeat.ft.run;

import hartbeat.emulator.io.Emission;

/** Takes what the machine emitted, in order of the numbers. */
public interface Outlet {
    void accept(Emission emission, long nowNanos);

    /** Whether the machine should stop running now, as no more can be held; it is bounded by one instruction's outputs. */
    default boolean full() {
        return false;
    }
}
