package hartbeat.ft.log;

import hartbeat.emulator.io.DiskStatus;
import hartbeat.emulator.io.Input;
import hartbeat.ft.run.StateDigest;
import java.util.ArrayList;
import java.util.List;

/** Entries as bytes, each relative to the one before it in the same batch. */
final class EntryCodec {
    private static final int TIME_SAMPLE = 1;
    private static final int WALL_CLOCK = 2;
    private static final int CONSOLE_INPUT = 3;
    private static final int FRAME_RECEIVED = 4;
    private static final int DISK_COMPLETION = 5;
    private static final int ENTROPY = 6;
    private static final int DISK_COMPLETED = 7;
    private static final int MARKER = 8;
    private static final int DIGEST_CHECK = 9;
    private static final int END = 10;
    private static final int MAX_REASON_BYTES = 4096;

    private long icount;
    private long mtime;
    private long rate;

    /** Begins a batch whose first entry has this icount. */
    void begin(long firstIcount) {
        icount = firstIcount;
        mtime = 0;
        rate = 0;
    }

    void write(VarintWriter out, LogEntry entry) {
        long elapsed = entry.icount() - icount;
        icount = entry.icount();
        switch (entry) {
            case LogEntry.Applied applied -> writeInput(out, elapsed, applied.input());
            case LogEntry.DiskCompleted completed ->
                out.u8(DISK_COMPLETED)
                        .varint(elapsed)
                        .varint(completed.device())
                        .varint(completed.request())
                        .u8(completed.status().ordinal())
                        .varint(completed.dataBytes())
                        .i32(completed.dataCrc());
            case LogEntry.Marker _ -> out.u8(MARKER).varint(elapsed);
            case LogEntry.DigestCheck check -> {
                out.u8(DIGEST_CHECK).varint(elapsed);
                writeDigest(out, check.digest());
            }
            case LogEntry.End end -> out.u8(END).varint(elapsed).text(end.reason());
        }
    }

    private void writeInput(VarintWriter out, long elapsed, Input input) {
        switch (input) {
            case Input.TimeSample sample -> {
                out.u8(TIME_SAMPLE)
                        .varint(elapsed)
                        .signed(sample.mtime() - mtime)
                        .signed(sample.rate() - rate);
                mtime = sample.mtime();
                rate = sample.rate();
            }
            case Input.WallClock clock -> out.u8(WALL_CLOCK).varint(elapsed).i64(clock.epochNanos());
            case Input.ConsoleInput console ->
                out.u8(CONSOLE_INPUT)
                        .varint(elapsed)
                        .varint(console.device())
                        .varint(console.ticket())
                        .bytes(console.bytes());
            case Input.FrameReceived received ->
                out.u8(FRAME_RECEIVED)
                        .varint(elapsed)
                        .varint(received.device())
                        .varint(received.ticket())
                        .bytes(received.frame());
            case Input.DiskCompletion completion ->
                out.u8(DISK_COMPLETION)
                        .varint(elapsed)
                        .varint(completion.device())
                        .varint(completion.request())
                        .u8(completion.status().ordinal())
                        .bytes(completion.data());
            case Input.Entropy entropy ->
                out.u8(ENTROPY)
                        .varint(elapsed)
                        .varint(entropy.device())
                        .varint(entropy.request())
                        .bytes(entropy.bytes());
        }
    }

    private static void writeDigest(VarintWriter out, StateDigest digest) {
        out.varint(digest.parts().size());
        for (StateDigest.Part part : digest.parts()) {
            out.text(part.name()).i64(part.hash());
        }
    }

    LogEntry read(VarintReader in, long position) {
        int kind = in.u8();
        long at = icount + in.varint();
        icount = at;
        return switch (kind) {
            case DISK_COMPLETED ->
                new LogEntry.DiskCompleted(
                        position,
                        at,
                        device(in),
                        in.varint(),
                        status(in),
                        in.number("data bytes", 0, LogEntry.MAX_DATA_BYTES),
                        in.i32());
            case MARKER -> new LogEntry.Marker(position, at);
            case DIGEST_CHECK -> new LogEntry.DigestCheck(position, at, readDigest(in, at));
            case END -> new LogEntry.End(position, at, in.text("reason", MAX_REASON_BYTES));
            default -> new LogEntry.Applied(position, at, readInput(in, kind, position));
        };
    }

    private Input readInput(VarintReader in, int kind, long position) {
        return switch (kind) {
            case TIME_SAMPLE -> {
                mtime += in.signed();
                rate += in.signed();
                yield new Input.TimeSample(mtime, rate);
            }
            case WALL_CLOCK -> new Input.WallClock(in.i64());
            case CONSOLE_INPUT ->
                new Input.ConsoleInput(device(in), in.varint(), in.bytes("console input", LogEntry.MAX_DATA_BYTES));
            case FRAME_RECEIVED ->
                new Input.FrameReceived(device(in), in.varint(), in.bytes("frame", LogEntry.MAX_FRAME_BYTES));
            case DISK_COMPLETION ->
                new Input.DiskCompletion(
                        device(in), in.varint(), status(in), in.bytes("disk data", LogEntry.MAX_DATA_BYTES));
            case ENTROPY -> new Input.Entropy(device(in), in.varint(), in.bytes("entropy", LogEntry.MAX_DATA_BYTES));
            default ->
                throw new LogFormatException(
                        "log entry: kind expected=1..%d, actual=%d, icount=%d, position=%d, hint: written by a newer version?"
                                .formatted(END, kind, icount, position));
        };
    }

    private static int device(VarintReader in) {
        return in.number("device", 0, LogEntry.MAX_DEVICES - 1);
    }

    private static DiskStatus status(VarintReader in) {
        return DiskStatus.values()[in.number("disk status", 0, DiskStatus.values().length - 1)];
    }

    private static StateDigest readDigest(VarintReader in, long at) {
        int count = in.number("digest parts", 1, LogEntry.MAX_PARTS);
        List<StateDigest.Part> parts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            parts.add(new StateDigest.Part(in.text("part name", LogEntry.MAX_NAME_BYTES), in.i64()));
        }
        return new StateDigest(at, parts);
    }
}
