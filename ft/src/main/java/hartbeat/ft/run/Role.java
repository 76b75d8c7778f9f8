package hartbeat.ft.run;

import org.jspecify.annotations.Nullable;

/** A process's whole work as a step function. */
public interface Role {
    /**
     * Does what is due.
     *
     * @param nowNanos host time, never less than in the call before
     * @return the host time at which to call again, unless woken before; {@link Step#FOREVER} for on an event only
     */
    long poll(long nowNanos);

    /** How it ended, or null while it goes on. */
    @Nullable
    Outcome outcome();

    /**
     * @param exitCode as in the constants
     * @param message one line for the user
     */
    record Outcome(int exitCode, String message) {
        public static final int DONE = 0;
        public static final int FAILED = 1;
        public static final int DIVERGED = 3;
        public static final int FENCED = 4;
    }
}
