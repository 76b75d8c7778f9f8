package hartbeat.ft.run;

import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The host side of a machine as its role sees it: disks, entropy, and links to the LAN switch and the console hub. All methods
 * return at once. They are called from the role's thread only; back-ends post from their own threads into the queue behind
 * {@link #poll} and then wake the role ({@code run.host.InputQueue} is that queue).
 *
 * <p>Exactly once, inwards: a keeper (switch, hub) holds each item under its ticket until {@link #logged} covers it; after
 * {@link #live} it gives again, in order, what lies after the ticket named there. Outwards: an endpoint refuses a generation lower
 * than the highest it knows, and drops an output whose number is not higher than the last it took from this machine.
 */
public interface HostPort {
    /**
     * Takes the oldest waiting input that the machine can take now. Order is kept within a device; a device that has no room does
     * not hold up the others.
     *
     * @param admissible whether an input can be applied now
     * @return null if there is none
     */
    @Nullable
    Input poll(Predicate<Input> admissible);

    /**
     * Whether {@link #send} has room for more. While false, the role neither sends nor runs the machine on; the host side wakes the
     * role when there is room again.
     */
    boolean canSend();

    /**
     * Sends an external output: console bytes, a frame, power-off, a reset (nothing to do). It may be a repeat after a take-over.
     *
     * @param generation leadership term of the sender, 0 for a plain run
     */
    void send(long generation, Emission emission);

    /**
     * Nothing more is sent just now: what was leaves at the latest now. A guest prints byte by byte, and each way out that is woken for one of them
     * takes a core from those who compute.
     */
    default void flush() {}

    /**
     * Every output given to {@link #send} up to this number has arrived at its endpoint, or never will. The backup is told no more
     * than this: an output that still waits here when this process dies must be sent by the other.
     *
     * @return any number not below the last that was sent if nothing is under way
     */
    default long delivered() {
        return Long.MAX_VALUE;
    }

    /**
     * Begins a disk or entropy request; its answer comes through {@link #poll}. Requests of one disk are executed strictly in order
     * of their numbers; a request number that was begun already (after a promotion) is ignored. The number of requests
     * under way is bounded by the device's queue.
     *
     * @param generation leadership term of the sender, for a shared disk that refuses an older one; 0 for a plain run or a
     *     backup working on its own copy
     */
    void request(long generation, Output.FromDevice request);

    /** Every input of {@code device} up to and with {@code ticket} is safe: the keeper can forget it. Tickets only rise. */
    void logged(int device, long ticket);

    /**
     * This machine, which is live, is about to ask the arbiter for this generation: should this process end before it hears the answer,
     * its local copies of disks must be known as those of whoever asked.
     */
    default void claiming(long generation) {}

    /**
     * This machine is live from now on: links present themselves with this generation, the keepers give what lies after the
     * tickets, local copies of disks are stamped with the generation, and the MACs are announced (gratuitous ARP or RARP) on
     * every LAN. Called once per generation, before the first {@link #send} of it.
     *
     * @param resumeAfterTicket by device: the last ticket that the machine's inputs hold, 0 for none
     */
    void live(long generation, long[] resumeAfterTicket);

    /** The higher generation that an endpoint named when it refused this one, 0 if none did. */
    long fencedBy();
}
