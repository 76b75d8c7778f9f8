package hartbeat.ft.channel;

import hartbeat.ft.run.DiskMode;

/** A message between primary and backup. The list is complete. */
public sealed interface Message {
    /**
     * The first message of each side.
     *
     * @param version protocol version; both must be equal
     * @param nonce 16 fresh random bytes, the challenge to the peer
     * @param name who speaks, for messages to the user
     */
    record Hello(int version, Side side, byte[] nonce, String name) implements Message {}

    /** Proof of knowing the pair's secret: HMAC-SHA-256 over side and both nonces. */
    record Proof(byte[] hmac) implements Message {}

    /** The sender does not go on, and why. */
    record Refused(String reason) implements Message {}

    /**
     * The machine.
     *
     * @param generation of the primary
     * @param machineId 16 bytes, the identity of the machine at switch and hub
     * @param digest 32 bytes over description and boot images; against mistakes, not forgers
     * @param description the machine's configuration in the form of the composition root
     */
    record Configuration(long generation, byte[] machineId, byte[] digest, DiskMode disk, byte[] description)
            implements Message {}

    /** Something large follows in chunks: an image, a disk. */
    record BlobBegin(String name, long bytes) implements Message {}

    record BlobChunk(byte[] bytes) implements Message {}

    /** All blobs were sent. */
    record BlobsEnd() implements Message {}

    /** The backup has built the machine and is at its first state. */
    record Ready(byte[] digest) implements Message {}

    /**
     * Log entries.
     *
     * @param sentNanos the primary's clock when it sent this
     * @param batch as in the log format, with its own checksum
     */
    record LogBatch(long sentNanos, byte[] batch) implements Message {}

    /**
     * How far the backup is.
     *
     * @param received every entry up to this position is in the backup's memory
     * @param executed every entry up to this position was carried out
     * @param icount of the backup's machine
     * @param digests compared and found equal
     * @param echoNanos the latest {@code sentNanos} that the backup has heard
     */
    record Ack(long received, long executed, long icount, long digests, long echoNanos) implements Message {}

    /** Every external output up to this number has left the primary. */
    record Released(long number) implements Message {}

    /** As in the datagrams beside the channel, for where those do not get through. */
    record Alive(long generation, long sentNanos, long echoNanos) implements Message {}

    /** The backup's state differs; it stops. */
    record Diverged(String what) implements Message {}

    /**
     * The sender leaves on purpose.
     *
     * @param guestOff the guest has switched itself off: nobody is to take over
     */
    record Goodbye(boolean guestOff, String reason) implements Message {}
}
