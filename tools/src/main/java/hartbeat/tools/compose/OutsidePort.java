package hartbeat.tools.compose;

import hartbeat.emulator.io.Emission;

/**
 * Where external outputs go and tickets come from: a link to the switch, or a terminal. Used from the role's thread only; everything
 * but {@link #close} returns at once.
 */
interface OutsidePort extends AutoCloseable {
    /** Whether there is room for another {@link #send}; when there is again, the role is woken. */
    boolean canSend();

    /** Sends an output of a device that is connected here, or that the guest is off. */
    void send(long generation, Emission emission);

    /** See {@link hartbeat.ft.run.HostPort#flush}. */
    default void flush() {}

    /** Looks at an output that is not sent from here: this side is not live. */
    default void observe(Emission emission) {}

    /** See {@link hartbeat.ft.run.HostPort#logged}. */
    default void logged(int device, long ticket) {}

    /** See {@link hartbeat.ft.run.HostPort#live}. */
    default void live(long generation, long[] resumeAfterTicket) {}

    /** The higher generation that refused this one, 0 if none did. */
    default long fencedBy() {
        return 0;
    }

    /** See {@link hartbeat.ft.run.HostPort#delivered}. */
    default long delivered() {
        return Long.MAX_VALUE;
    }

    /** Called when the role has taken an input after the queue had refused one. */
    default void roomAgain() {}

    /** Lets out what was sent, as far as that is possible in a moment, and ends. */
    @Override
    void close();
}
