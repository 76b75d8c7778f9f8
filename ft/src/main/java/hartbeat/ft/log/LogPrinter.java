package hartbeat.ft.log;

import hartbeat.emulator.io.Input;
import hartbeat.ft.run.StateDigest;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Entries as text, one line each. */
public final class LogPrinter {
    private static final int SHOWN_BYTES = 24;

    private LogPrinter() {}

    public static String line(LogEntry entry) {
        return "%8d  %14d  %s".formatted(entry.position(), entry.icount(), what(entry));
    }

    private static String what(LogEntry entry) {
        return switch (entry) {
            case LogEntry.Applied applied -> input(applied.input());
            case LogEntry.DiskCompleted disk ->
                "disk-completed   device=%d request=%d status=%s data=%d bytes crc=%08x (data on the own copy)"
                        .formatted(disk.device(), disk.request(), disk.status(), disk.dataBytes(), disk.dataCrc());
            case LogEntry.Marker _ -> "marker";
            case LogEntry.DigestCheck check -> "digest           " + digest(check.digest());
            case LogEntry.End end -> "end              " + end.reason();
        };
    }

    private static String input(Input input) {
        return switch (input) {
            case Input.TimeSample sample ->
                "time             mtime=%s rate=%s ticks/instruction"
                        .formatted(Long.toUnsignedString(sample.mtime()), fixedPoint(sample.rate()));
            case Input.WallClock clock -> "wall-clock       epoch=%d ns".formatted(clock.epochNanos());
            case Input.ConsoleInput console ->
                "console          device=%d ticket=%d %s"
                        .formatted(console.device(), console.ticket(), text(console.bytes()));
            case Input.FrameReceived received ->
                "frame            device=%d ticket=%d %s"
                        .formatted(received.device(), received.ticket(), hex(received.frame()));
            case Input.DiskCompletion disk ->
                "disk-completion  device=%d request=%d status=%s %s"
                        .formatted(disk.device(), disk.request(), disk.status(), hex(disk.data()));
            case Input.Entropy entropy ->
                "entropy          device=%d request=%d %s"
                        .formatted(entropy.device(), entropy.request(), hex(entropy.bytes()));
        };
    }

    private static String fixedPoint(long rate) {
        return "%.6f".formatted(rate / 4294967296.0);
    }

    private static String digest(StateDigest digest) {
        StringBuilder text = new StringBuilder();
        for (StateDigest.Part part : digest.parts()) {
            text.append(text.isEmpty() ? "" : " ").append("%s=%016x".formatted(part.name(), part.hash()));
        }
        return text.toString();
    }

    private static String hex(byte[] bytes) {
        int shown = Math.min(bytes.length, SHOWN_BYTES);
        return "%d bytes %s%s"
                .formatted(bytes.length, HexFormat.of().formatHex(bytes, 0, shown), shown < bytes.length ? ".." : "");
    }

    private static String text(byte[] bytes) {
        StringBuilder shown = new StringBuilder("\"");
        for (char c : new String(bytes, StandardCharsets.ISO_8859_1).toCharArray()) {
            shown.append(
                    c >= ' ' && c < 127 && c != '"' && c != '\\' ? String.valueOf(c) : "\\x%02x".formatted((int) c));
        }
        return shown.append('"').toString();
    }
}
