package hartbeat.firmware;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The machine's own M-mode firmware: an implementation of the RISC-V Supervisor Binary Interface, version 2.0.
 *
 * <p>The machine copies {@link #image()} to {@link #LOAD_ADDRESS} and lets every hart enter there in M-mode, with its
 * hart identifier in a0 and the address of the device tree in a1. Hart 0 goes on to the S-mode kernel at
 * {@link #KERNEL_ADDRESS} with the same two arguments; the others wait for SBI hart_start. Built from
 * {@code firmware/src/main/c} by {@code firmware/build}.
 */
public final class Firmware {
    /** Where the image is loaded and entered: the start of RAM. */
    public static final long LOAD_ADDRESS = 0x8000_0000L;

    /** Bytes from {@link #LOAD_ADDRESS} on that the firmware keeps to itself, by PMP, for image, data and stacks. */
    public static final int RESERVED_BYTES = 0x1_0000;

    /** Where the firmware enters the S-mode kernel. */
    public static final long KERNEL_ADDRESS = 0x8040_0000L;

    /** Harts that the firmware has room for; one with a higher identifier sleeps for ever. */
    public static final int MAX_HARTS = 16;

    private static final String RESOURCE = "firmware.bin";

    private Firmware() {}

    /**
     * Gives the flat image, a few KB; memory behind it need not be zero.
     *
     * @return a copy of the image
     * @throws IllegalStateException if the jar lacks the image
     */
    public static byte[] image() {
        try (InputStream in = Firmware.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("firmware image: expected=resource hartbeat/firmware/" + RESOURCE
                        + ", actual=none, hint: run firmware/build");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
