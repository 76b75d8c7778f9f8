package hartbeat.devices.board;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Identity of a machine, the same for both sides of a pair: 16 bytes. */
public record MachineId(long high, long low) {

    /** @param bytes 16 bytes */
    public static MachineId of(byte[] bytes) {
        if (bytes.length != 16) {
            throw new IllegalArgumentException("machine id: expected=16 bytes, actual=" + bytes.length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new MachineId(buffer.getLong(), buffer.getLong());
    }

    public byte[] toBytes() {
        return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(toBytes());
    }
}
