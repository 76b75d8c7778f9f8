package hartbeat.devices.board.boot;

import hartbeat.devices.board.BoardConfig;
import hartbeat.emulator.memory.Hashes;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What a machine starts from, as read from files. The arrays are never changed.
 *
 * @param bios M-mode firmware, ELF or raw; empty if the kernel itself is entered in M-mode
 * @param kernel RISC-V Linux Image or ELF; empty if there is firmware only
 * @param initrd initial RAM disk, empty if none
 */
public record BootImages(byte[] bios, byte[] kernel, byte[] initrd) {
    private static final int MAX_BYTES = 1 << 30;

    /** Canonical bytes, for the way to a backup. */
    public byte[] encode() {
        return new StateWriter().bytes(bios).bytes(kernel).bytes(initrd).toBytes();
    }

    /**
     * XXH3-64 of a machine's configuration and of each image in their order, 32 bytes in all: two machines are equal before their first
     * instruction if it is. It tells a mistake, not a forger, whom 64 bits do not keep off: whoever
     * offers a machine has proved that it is of the pair.
     */
    public byte[] digest(BoardConfig config) {
        List<byte[]> parts = List.of(config.encode(), bios, kernel, initrd);
        ByteBuffer digest = ByteBuffer.allocate(parts.size() * Long.BYTES);
        parts.forEach(part -> digest.putLong(Hashes.of(ByteBuffer.wrap(part))));
        return digest.array();
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws hartbeat.emulator.state.StateFormatException for anything else
     */
    public static BootImages decode(byte[] bytes) {
        StateReader reader = new StateReader(bytes);
        BootImages images = new BootImages(reader.bytes(MAX_BYTES), reader.bytes(MAX_BYTES), reader.bytes(MAX_BYTES));
        reader.end();
        return images;
    }
}
