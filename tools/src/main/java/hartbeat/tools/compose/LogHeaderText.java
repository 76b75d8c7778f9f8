package hartbeat.tools.compose;

import hartbeat.devices.board.BoardConfig;
import hartbeat.ft.log.LogHeader;
import hartbeat.ft.run.DiskMode;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;

/** A log's header for people: the machine that it is of. */
public final class LogHeaderText {
    private LogHeaderText() {}

    /** @param file for the message if the description cannot be read */
    public static String of(LogHeader header, Path file) {
        LogDescription log = LogDescription.decode(header.description(), file);
        BoardConfig config = log.config();
        StringBuilder text = new StringBuilder();
        line(text, "memory", config.memoryBytes() / 1024 + " KiB");
        line(text, "harts", config.harts());
        line(text, "firmware", log.bios());
        line(text, "kernel", log.kernel() == null ? "none" : log.kernel());
        line(text, "initrd", log.initrd() == null ? "none" : log.initrd());
        line(text, "command line", config.append());
        line(text, "virtio", config.transport().toString().toLowerCase(Locale.ROOT));
        config.drives().forEach(drive -> line(text, "disk", drive(drive)));
        config.nics().forEach(nic -> line(text, "network", nic(nic)));
        line(text, "rng", config.rng() ? "yes" : "no");
        line(text, "virtio console", config.console() ? "yes" : "no");
        line(text, "disk data", header.disk() == DiskMode.SHARED ? "in the log" : "not in the log");
        line(text, "digest", HexFormat.of().formatHex(header.configurationDigest()));
        return text.toString();
    }

    private static String drive(BoardConfig.Drive drive) {
        return "%s, %d KiB%s"
                .formatted(
                        drive.id().isEmpty() ? "no id" : "id " + drive.id(),
                        drive.sectors() / 2,
                        drive.readOnly() ? ", read-only" : "");
    }

    private static String nic(BoardConfig.Nic nic) {
        return nic.mtu() == 0 ? nic.mac().toString() : "%s, mtu %d".formatted(nic.mac(), nic.mtu());
    }

    private static void line(StringBuilder text, String name, Object value) {
        text.append("%-15s %s%n".formatted(name, value));
    }
}
