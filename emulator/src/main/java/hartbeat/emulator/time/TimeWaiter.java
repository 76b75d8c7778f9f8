package hartbeat.emulator.time;

/** A part that acts when {@code mtime} reaches a value: {@code mtimecmp} of a CLINT, {@code stimecmp} of a hart. */
public interface TimeWaiter {
    /** No deadline: the greatest unsigned value, which {@code mtime} does not reach. */
    long NEVER = -1L;

    /** The unsigned {@code mtime} at which {@link #onTime} must next be called, or {@link #NEVER}. */
    long deadlineMtime();

    /** Time has reached or passed the deadline, or time or the deadline was changed: set the interrupt's level accordingly. */
    void onTime(long mtime);
}
