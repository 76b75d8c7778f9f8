package hartbeat.lan;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Items bound for one device of a machine, each under its ticket, from the moment they come until a log holds them. Tickets of a
 * device rise by one from 1.
 */
final class Keeper {
    private static final int OVERHEAD_BYTES = 64;

    private final Deque<Kept> given = new ArrayDeque<>();
    private final Deque<Kept> waiting = new ArrayDeque<>();
    private final long limitBytes;
    private long lastTicket;
    private long bytes;
    private long givenBytes;
    private long lost;
    private boolean resumed;

    /** An item and its ticket. */
    record Kept(long ticket, byte[] data) {}

    /** @param limitBytes how much is kept, with 64 bytes of overhead for each item */
    Keeper(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** True while there is room below the limit. */
    boolean hasRoom() {
        return bytes < limitBytes;
    }

    /** Bytes that were given to the machine and are in no log yet. */
    long unloggedBytes() {
        return givenBytes;
    }

    /** Items that were lost for want of room. */
    long lost() {
        return lost;
    }

    /** Keeps an item, whatever the limit. */
    void add(byte[] data) {
        waiting.add(new Kept(++lastTicket, data));
        bytes += size(data);
    }

    /** Keeps an item, and loses the oldest ones that are then too many. */
    void addLosingOldest(byte[] data) {
        add(data);
        while (bytes > limitBytes && given.size() + waiting.size() > 1) {
            forgetOldest();
            lost++;
        }
    }

    /** The next item to give to the live process, null if there is none. */
    @Nullable
    Kept next() {
        Kept item = waiting.poll();
        if (item != null) {
            given.add(item);
            givenBytes += size(item.data);
        }
        return item;
    }

    /** A log holds everything up to {@code ticket}. */
    void logged(long ticket) {
        while (!given.isEmpty() && given.element().ticket <= ticket) {
            forgetOldest();
        }
        while (given.isEmpty() && !waiting.isEmpty() && waiting.element().ticket <= ticket) {
            forgetOldest();
        }
    }

    /**
     * A process went live whose history holds everything up to {@code ticket}: what comes after is given to it, again where need
     * be.
     */
    void resumeAfter(long ticket) {
        while (!given.isEmpty() && given.getLast().ticket > ticket) {
            Kept item = given.removeLast();
            givenBytes -= size(item.data);
            waiting.addFirst(item);
        }
        if (!resumed && ticket > 0) {
            renumberAfter(ticket);
        }
        resumed = true;
        while (!waiting.isEmpty() && waiting.element().ticket <= ticket) {
            next();
        }
    }

    /**
     * This switch is younger than the machine: the tickets that the machine knows were an earlier switch's, and nothing that is kept
     * here was ever given to it.
     */
    private void renumberAfter(long ticket) {
        lastTicket = ticket;
        for (int i = waiting.size(); i > 0; i--) {
            waiting.add(new Kept(++lastTicket, waiting.remove().data));
        }
    }

    private void forgetOldest() {
        boolean wasGiven = !given.isEmpty();
        Kept item = wasGiven ? given.remove() : waiting.remove();
        bytes -= size(item.data);
        if (wasGiven) {
            givenBytes -= size(item.data);
        }
    }

    private static long size(byte[] data) {
        return OVERHEAD_BYTES + (long) data.length;
    }
}
