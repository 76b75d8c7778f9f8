package hartbeat.tools.compose;

import hartbeat.devices.board.boot.BootImages;
import hartbeat.firmware.Firmware;
import hartbeat.tools.UserError;
import hartbeat.tools.cli.MachineSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads the files that a machine starts from; what they hold is checked by the board. */
final class BootFiles {
    private static final int MAX_BYTES = 1 << 30;
    private static final byte[] NONE = {};

    private BootFiles() {}

    /** The images that a command line names; where it names no kernel, those of this project's guest. */
    static BootImages read(MachineSpec spec) {
        OwnGuest guest = spec.ownGuest() ? OwnGuest.require() : null;
        Path kernel = guest == null ? spec.kernel() : guest.kernel();
        Path initrd = guest == null || spec.initrd() != null ? spec.initrd() : guest.initrd();
        return read(spec, kernel, initrd);
    }

    /** The images that a command line names itself, which is what a device tree depends on; no guest is built for it. */
    static BootImages named(MachineSpec spec) {
        return read(spec, spec.kernel(), spec.initrd());
    }

    private static BootImages read(MachineSpec spec, @Nullable Path kernel, @Nullable Path initrd) {
        byte[] bios = switch (spec.bios()) {
            case MachineSpec.Bios.Default _ -> Firmware.image();
            case MachineSpec.Bios.None _ -> NONE;
            case MachineSpec.Bios.File file -> read("firmware", file.path());
        };
        return new BootImages(bios, read("kernel", kernel), read("initrd", initrd));
    }

    /** @param file null for none */
    static byte[] read(String what, @Nullable Path file) {
        if (file == null) {
            return NONE;
        }
        try {
            if (Files.isDirectory(file)) {
                throw UserError.failed("%s %s is a directory".formatted(what, file), "name the file in it");
            }
            long size = Files.size(file);
            if (size == 0 || size > MAX_BYTES) {
                throw UserError.failed(
                        "%s %s: expected=1 to %d bytes, actual=%d".formatted(what, file, MAX_BYTES, size),
                        "is it the right file?");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw UserError.failed("no such %s: %s".formatted(what, file), "check the path", e);
        } catch (IOException e) {
            throw UserError.failed(
                    "%s %s cannot be read: %s".formatted(what, file, UserError.reason(e)), "check its permissions", e);
        }
    }
}
