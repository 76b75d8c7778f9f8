package hartbeat.devices.board;

import java.nio.ByteBuffer;

/** 32 random bytes that the device tree hands to the guest as {@code rng-seed}; part of the configuration, so that replay has them. */
public record RngSeed(long first, long second, long third, long fourth) {
    /** Bytes of a seed. */
    public static final int BYTES = 32;

    /** @param bytes {@link #BYTES} bytes */
    public static RngSeed of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("rng seed: expected=%d bytes, actual=%d".formatted(BYTES, bytes.length));
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new RngSeed(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
    }

    public byte[] toBytes() {
        return ByteBuffer.allocate(BYTES)
                .putLong(first)
                .putLong(second)
                .putLong(third)
                .putLong(fourth)
                .array();
    }
}
