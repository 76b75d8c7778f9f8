package hartbeat.tools.cli;

import hartbeat.tools.UserError;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * A disk: {@code --drive file=PATH,format=raw,readonly=on,id=NAME}.
 *
 * @param id what the guest reads as the disk's serial number; 1 to 20 characters (virtio 1.2, 5.2.6)
 */
public record DriveOption(Path file, boolean readOnly, String id) {
    private static final String KNOWN = "file, format, readonly, id, if";

    /** @param index counts the disks from 0, for the default id */
    public static DriveOption parse(String text, int index) {
        KeyValues values = new KeyValues("--drive", text);
        String file = values.first().isEmpty()
                ? values.require("file", "write --drive file=PATH,format=raw")
                : values.first();
        String format = values.take("format", "raw");
        if (!format.equals("raw")) {
            throw UserError.usage(
                    "--drive: format: expected=raw, actual=" + format,
                    "convert it: qemu-img convert -O raw %s %s.raw".formatted(file, file));
        }
        String transport = values.take("if", "virtio");
        if (!transport.equals("virtio") && !transport.equals("none")) {
            throw UserError.usage("--drive: if: expected=virtio, actual=" + transport, "leave if= out");
        }
        String id = values.take("id", "disk" + index);
        if (!id.matches("[\\w.-]{1,20}")) {
            throw UserError.usage(
                    "--drive: id: expected=1 to 20 letters, digits, . _ or -, actual=" + id, "for example id=data");
        }
        DriveOption drive = new DriveOption(path(file), values.flag("readonly"), id);
        values.refuseTheRest(KNOWN);
        return drive;
    }

    private static Path path(String file) {
        try {
            return Path.of(file);
        } catch (InvalidPathException e) {
            throw UserError.usage("--drive: file: " + e.getReason(), "check the path");
        }
    }
}
