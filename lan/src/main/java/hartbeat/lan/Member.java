package hartbeat.lan;

import hartbeat.devices.host.link.LinkFormatException;
import org.jspecify.annotations.Nullable;

/** One connection to the switch, by what turned out to be at its other end. */
sealed interface Member permits PlainMember, MachineMember, ConsoleMember {
    /** @throws LinkFormatException if the payload is not what this kind of member may send; the connection is dropped */
    void receive(byte[] payload, long nowNanos) throws LinkFormatException;

    /** The next payload to write, or null if there is none now. */
    byte @Nullable [] next();

    /** False while the connection should not be read, so that its sender waits. */
    default boolean readable() {
        return true;
    }

    /** True once the connection is to end when {@link #next} has nothing more. */
    default boolean ended() {
        return false;
    }

    /** The connection is gone. */
    void leave(long nowNanos);
}
