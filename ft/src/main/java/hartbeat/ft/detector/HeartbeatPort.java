package hartbeat.ft.detector;

import org.jspecify.annotations.Nullable;

/** Datagrams beside the channel: may be lost, repeated or late. All methods return at once. */
public interface HeartbeatPort {
    void send(Heartbeat heartbeat);

    /** The side is in time with this one, which is not sent, as the peer hears of it otherwise. */
    default void leaveOut(Heartbeat heartbeat) {}

    /** The side has nothing more to say, on purpose: what it said last is not repeated in its place any more. */
    default void fallSilent() {}

    /** The next that has arrived and is proved to come from the peer, or null. */
    @Nullable
    Heartbeat receive();

    /** No datagrams: the channel's own signs of life must do. */
    HeartbeatPort NONE = new HeartbeatPort() {
        @Override
        public void send(Heartbeat heartbeat) {}

        @Override
        public @Nullable Heartbeat receive() {
            return null;
        }
    };
}
