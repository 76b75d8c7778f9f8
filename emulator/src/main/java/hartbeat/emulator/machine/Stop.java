package hartbeat.emulator.machine;

/** Why {@link Machine#runUntil} returned. */
public enum Stop {
    /** The icount that was asked for is reached. */
    REACHED,
    /** Outputs wait to be taken; icount is where the last of them was made. */
    OUTPUT,
    /** All harts wait for an interrupt (or are stalled in a trap loop); only an input can go on from here. */
    IDLE,
    /** The guest switched itself off; no input changes that. */
    OFF
}
