package hartbeat.guest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * A program without an operating system, as an ELF file for RV32IMAC. It ends by writing to its {@code tohost} symbol (1
 * for a pass, {@code test << 1 | 1} for the failure of a numbered test), then to the syscon for a machine without HTIF.
 *
 * @param name what its source is called in {@code guest-images/bare}, without the ending; those of {@code isa/} begin so
 * @param start how a machine starts it
 */
public record BareGuest(String name, Start start) {
    /** How a machine starts a guest. */
    public enum Start {
        /** Without firmware, in M-mode, at the ELF's entry at the start of RAM. */
        MACHINE,
        /** As a kernel, in S-mode, under the machine's firmware. */
        SUPERVISOR
    }

    /**
     * Gives the ELF file.
     *
     * @return a copy of its bytes
     * @throws IllegalStateException if the jar lacks the file
     */
    public byte[] elf() {
        return resource(name + ".elf");
    }

    static byte[] resource(String file) {
        try (InputStream in = BareGuest.class.getResourceAsStream("bare/" + file)) {
            if (in == null) {
                throw new IllegalStateException("bare guest: expected=resource hartbeat/guest/bare/" + file
                        + ", actual=none, hint: run guest-images/bare/build");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
