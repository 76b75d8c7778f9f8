package hartbeat.devices.board.boot;

import hartbeat.devices.board.BoardConfig;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

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

    /** SHA-256 over a machine's configuration and these images: two machines are equal before their first instruction if it is. */
    public byte[] digest(BoardConfig config) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(config.encode());
            digest.update(encode());
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
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
