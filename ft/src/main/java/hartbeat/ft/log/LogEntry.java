package hartbeat.ft.log;

import hartbeat.emulator.io.DiskStatus;
import hartbeat.emulator.io.Input;
import hartbeat.ft.run.StateDigest;

/** An entry of the log. The list is complete: codec, printer and replay are exhaustive switches over it. */
public sealed interface LogEntry {
    /** Longest console input, entropy answer or disk data that an entry can hold, bytes. */
    int MAX_DATA_BYTES = 8 << 20;

    /** Shortest and longest frame, bytes. */
    int MIN_FRAME_BYTES = 14;

    int MAX_FRAME_BYTES = 65_550;

    /** Devices that a machine can have. */
    int MAX_DEVICES = 1024;

    /** Parts that a digest can have, and the longest name of one, bytes. */
    int MAX_PARTS = 256;

    int MAX_NAME_BYTES = 64;

    /** Place in the log, from 1, without gaps. */
    long position();

    /** Retired instructions at which the entry holds; never less than that of the entry before. */
    long icount();

    /** An input that was applied at this icount, with all its data. */
    record Applied(long position, long icount, Input input) implements LogEntry {}

    /**
     * A disk request completed at this icount; the data lies on the replaying side's own copy of the disk.
     *
     * @param dataBytes length of what was read, 0 for other operations
     * @param dataCrc CRC32C of what was read, so that two copies of a disk that differ are noticed at the first read
     */
    record DiskCompleted(
            long position, long icount, int device, long request, DiskStatus status, int dataBytes, int dataCrc)
            implements LogEntry {}

    /** The machine came this far without another input: lets the follower run on, and explains outputs made before. */
    record Marker(long position, long icount) implements LogEntry {}

    /** The digest of the state at this position; a follower compares its own. */
    record DigestCheck(long position, long icount, StateDigest digest) implements LogEntry {}

    /** The recording ended in good order. */
    record End(long position, long icount, String reason) implements LogEntry {}

    /**
     * Checks an entry by itself and against the one before.
     *
     * @throws LogFormatException if it cannot stand in a log there
     */
    static void check(LogEntry entry, long expectedPosition, long previousIcount) {
        if (entry.position() != expectedPosition) {
            throw new LogFormatException("log entry: position expected=%d, actual=%d, icount=%d"
                    .formatted(expectedPosition, entry.position(), entry.icount()));
        }
        if (entry.icount() < previousIcount) {
            throw new LogFormatException("log entry: icount expected>=%d, actual=%d, position=%d"
                    .formatted(previousIcount, entry.icount(), entry.position()));
        }
        switch (entry) {
            case Applied applied -> checkInput(applied);
            case DiskCompleted completed -> {
                within(entry, "device", completed.device(), 0, MAX_DEVICES - 1);
                within(entry, "request", completed.request(), 0, Long.MAX_VALUE);
                within(entry, "data bytes", completed.dataBytes(), 0, MAX_DATA_BYTES);
            }
            case DigestCheck check -> {
                within(entry, "digest parts", check.digest().parts().size(), 1, MAX_PARTS);
                within(entry, "digest icount", check.digest().icount(), entry.icount(), entry.icount());
            }
            case Marker _, End _ -> {}
        }
    }

    private static void checkInput(Applied entry) {
        switch (entry.input()) {
            case Input.TimeSample sample -> within(entry, "rate", sample.rate(), 0, Long.MAX_VALUE);
            case Input.WallClock _ -> {}
            case Input.ConsoleInput console -> {
                checkTicket(entry, console.device(), console.ticket());
                within(entry, "console bytes", console.bytes().length, 0, MAX_DATA_BYTES);
            }
            case Input.FrameReceived received -> {
                checkTicket(entry, received.device(), received.ticket());
                within(entry, "frame bytes", received.frame().length, MIN_FRAME_BYTES, MAX_FRAME_BYTES);
            }
            case Input.DiskCompletion completion -> {
                checkTicket(entry, completion.device(), completion.request());
                within(entry, "data bytes", completion.data().length, 0, MAX_DATA_BYTES);
            }
            case Input.Entropy entropy -> {
                checkTicket(entry, entropy.device(), entropy.request());
                within(entry, "entropy bytes", entropy.bytes().length, 0, MAX_DATA_BYTES);
            }
        }
    }

    private static void checkTicket(LogEntry entry, int device, long number) {
        within(entry, "device", device, 0, MAX_DEVICES - 1);
        within(entry, "ticket or request", number, 0, Long.MAX_VALUE);
    }

    private static void within(LogEntry entry, String what, long value, long least, long most) {
        if (value < least || value > most) {
            throw new LogFormatException("log entry: %s expected=%d..%d, actual=%d, icount=%d, position=%d"
                    .formatted(what, least, most, value, entry.icount(), entry.position()));
        }
    }
}
