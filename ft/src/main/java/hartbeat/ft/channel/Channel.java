package hartbeat.ft.channel;

import org.jspecify.annotations.Nullable;

/** One end of the ordered stream between primary and backup. All methods return at once. */
public interface Channel {
    /**
     * Sends a message.
     *
     * @return false if there is no room in the bounded buffer: nothing was sent, try again when woken. True on a closed channel:
     *     the message is lost, as it might be on an open one.
     */
    boolean send(Message message);

    /** The next message that has arrived whole, or null. Those that arrived before the channel closed are still given. */
    @Nullable
    Message receive();

    /** Why no more messages will come, once all that arrived were taken; null before. */
    @Nullable
    String closed();

    /** The peer has proved itself: long messages are believed from now on. */
    void trust();

    /** Closes from this side. */
    void close(String why);
}
