package hartbeat.ft.log;

import hartbeat.emulator.io.Input;
import hartbeat.ft.run.DiskMode;
import hartbeat.ft.run.InputRecorder;
import hartbeat.ft.run.StateDigest;
import java.util.function.Consumer;

/** Records a live machine's inputs into batches for a file. */
public final class FileRecorder implements InputRecorder {
    private static final int BATCH_BYTES = 1 << 16;
    private static final long BATCH_NANOS = 100_000_000;

    private final LogAppender appender;
    private final Consumer<byte[]> sink;

    /** @param sink gets whole batches, in order */
    public FileRecorder(DiskMode disk, Consumer<byte[]> sink) {
        this.appender = new LogAppender(disk);
        this.sink = sink;
    }

    @Override
    public void applying(long icount, Input input, long nowNanos) {
        appender.input(icount, input, nowNanos);
        if (appender.waitingBytes() >= BATCH_BYTES || nowNanos - appender.waitingSinceNanos() >= BATCH_NANOS) {
            flush();
        }
    }

    /** Puts a digest into the log, for the replay to compare. */
    public void digest(StateDigest digest, long nowNanos) {
        appender.digest(digest, nowNanos);
        flush();
    }

    /** Ends the recording in good order. */
    public void end(long icount, String reason, long nowNanos) {
        appender.end(icount, reason, nowNanos);
        flush();
    }

    private void flush() {
        byte[] batch = appender.take();
        if (batch != null) {
            sink.accept(batch);
        }
    }
}
