package hartbeat.devices.board.boot;

import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;

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
