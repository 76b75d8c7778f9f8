package hartbeat.tools.compose;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.board.boot.BootImages;
import hartbeat.emulator.state.StateFormatException;
import hartbeat.firmware.Firmware;
import hartbeat.tools.UserError;
import hartbeat.tools.cli.MachineSpec;
import hartbeat.tools.text.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a log file says about its machine: the configuration, and where the boot images were, so that a replay needs nothing but the
 * file's name.
 *
 * @param bios {@code default}, {@code none} or a path
 */
record LogDescription(
        BoardConfig config,
        String bios,
        @Nullable Path kernel,
        @Nullable Path initrd) {

    static byte[] encode(BoardConfig config, MachineSpec spec) {
        OwnGuest guest = spec.ownGuest() ? OwnGuest.require() : null;
        String bios = switch (spec.bios()) {
            case MachineSpec.Bios.Default _ -> "default";
            case MachineSpec.Bios.None _ -> "none";
            case MachineSpec.Bios.File file -> String.valueOf(absolute(file.path()));
        };
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("machine", HexFormat.of().formatHex(config.encode()));
        json.put("bios", bios);
        json.put("kernel", absolute(guest == null ? spec.kernel() : guest.kernel()));
        json.put("initrd", absolute(guest == null || spec.initrd() != null ? spec.initrd() : guest.initrd()));
        return Json.line(json).getBytes(StandardCharsets.UTF_8);
    }

    /** @param source the file, for the message */
    static LogDescription decode(byte[] bytes, Path source) {
        try {
            Map<String, @Nullable Object> json = Json.parseObject(new String(bytes, StandardCharsets.UTF_8));
            if (json.get("machine") instanceof String machine && json.get("bios") instanceof String bios) {
                return new LogDescription(
                        BoardConfig.decode(HexFormat.of().parseHex(machine)),
                        Path.of(bios).toString(),
                        path(json.get("kernel")),
                        path(json.get("initrd")));
            }
        } catch (IllegalArgumentException | StateFormatException e) {
            throw UserError.failed(
                    source + ": the log's description cannot be read: " + e.getMessage(),
                    "was it recorded by run --record?",
                    e);
        }
        throw UserError.failed(source + ": the log's description has no machine", "was it recorded by run --record?");
    }

    /** The boot images; whether they are those of the recording is seen by their digest. */
    BootImages images() {
        byte[] firmware = switch (bios) {
            case "default" -> Firmware.image();
            case "none" -> new byte[0];
            default -> BootFiles.read("firmware", Path.of(bios));
        };
        return new BootImages(firmware, BootFiles.read("kernel", kernel), BootFiles.read("initrd", initrd));
    }

    private static @Nullable String absolute(@Nullable Path path) {
        return path == null ? null : path.toAbsolutePath().toString();
    }

    private static @Nullable Path path(@Nullable Object text) {
        return text instanceof String name ? Path.of(name) : null;
    }
}
