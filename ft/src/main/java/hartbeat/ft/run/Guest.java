package hartbeat.ft.run;

import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.machine.Stop;
import org.jspecify.annotations.Nullable;

/**
 * The machine as fault tolerance sees it: a pure state machine with an exact count. {@link MachineGuest} is the real one; tests put
 * their own guests, or a faulty wrapper, behind it.
 */
public interface Guest {
    /** Retired instructions since the first power-on. */
    long icount();

    /** Runs to {@code limit}, exactly, or to an earlier stop. */
    Stop runUntil(long limit);

    /** Applies an input at the present icount. */
    void apply(Input input);

    /** The oldest output that was not taken yet, or null. */
    @Nullable
    Emission pollOutput();

    /** Number of the last output made, 0 before the first. */
    long emitted();

    /** Machine time in ticks of 100 ns, unsigned. */
    long mtime();

    /** The unsigned machine time that the guest waits for, or -1 for none. */
    long deadlineMtime();

    /** How many devices there are; their indexes are 0 to this, exclusive. */
    int devices();

    /** Console bytes or frames that the device can take now without losing any. */
    int room(int device);

    /** Set once the guest has switched itself off. */
    Output.@Nullable PowerOff powerOff();

    /** Digests the state at the present icount and marks all pages as clean. All emissions must have been taken. */
    StateDigest digest();

    /** The whole state, for a snapshot or a clone. All emissions must have been taken. */
    byte[] save();

    /** Takes over what {@link #save} gave. */
    void restore(byte[] state);
}
