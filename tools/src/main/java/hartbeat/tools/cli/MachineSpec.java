package hartbeat.tools.cli;

import hartbeat.devices.board.MacAddress;
import hartbeat.emulator.executor.translator.ExecutorKind;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for, before any file is opened.
 *
 * @param kernel null for the Linux guest that this project builds
 * @param append the kernel's command line; null for the default of the guest
 * @param memoryBytes guest RAM
 * @param harts 1 to 8
 * @param legacyVirtio whether the transports are of version 1
 * @param executor how guest code is run; no part of the machine
 * @param mac address of the first network interface; each further one is one higher
 */
public record MachineSpec(
        @Nullable Path kernel,
        @Nullable Path initrd,
        @Nullable String append,
        Bios bios,
        long memoryBytes,
        int harts,
        boolean legacyVirtio,
        List<DriveOption> drives,
        List<NetOption> nets,
        MacAddress mac,
        boolean rng,
        boolean virtioConsole,
        ExecutorKind executor) {

    /** M-mode firmware. */
    public sealed interface Bios {
        /** Our own firmware. */
        record Default() implements Bios {}

        /** No firmware: the kernel is entered in M-mode. */
        record None() implements Bios {}

        /** A raw image, loaded at the start of RAM. */
        record File(Path path) implements Bios {}

        static Bios parse(String text) {
            return switch (text) {
                case "default" -> new Default();
                case "none" -> new None();
                default -> new File(Path.of(text));
            };
        }
    }

    /** Whether this is the project's own Linux guest. */
    public boolean ownGuest() {
        return kernel == null;
    }
}
