package hartbeat.ft.log.host;

import hartbeat.ft.log.Batch;
import hartbeat.ft.log.EntrySupply;
import hartbeat.ft.log.LogEntry;
import hartbeat.ft.log.LogFormatException;
import hartbeat.ft.log.LogHeader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Reads a recording batch by batch; a file cut off in mid-batch (its writer died) ends at the last whole batch and says so. */
public final class LogFileReader implements EntrySupply, AutoCloseable {
    private final InputStream in;
    private final LogHeader header;
    private final Deque<LogEntry> entries = new ArrayDeque<>();
    private long nextPosition = 1;
    private long icount;
    private @Nullable String tail;

    /**
     * Opens the file and reads its header.
     *
     * @throws IOException if it cannot be read
     * @throws LogFormatException if it is no log that this program can read
     */
    public LogFileReader(Path file) throws IOException {
        this(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
    }

    /** As {@link #LogFileReader(Path)}, of a stream, which is closed with this. */
    public LogFileReader(InputStream file) throws IOException {
        in = file;
        try {
            byte[] prefix = in.readNBytes(LogHeader.PREFIX_BYTES);
            byte[] body = in.readNBytes(LogHeader.bodyLength(prefix));
            header = LogHeader.decode(joined(prefix, body));
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    public LogHeader header() {
        return header;
    }

    /**
     * What is wrong with the end of the file, once it was reached; null if it ends with a whole batch. What came before it is good.
     */
    public @Nullable String tail() {
        return tail;
    }

    @Override
    public @Nullable LogEntry peek() {
        if (entries.isEmpty() && tail == null) {
            try {
                readBatch();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return entries.peek();
    }

    @Override
    public void take() {
        entries.remove();
    }

    private void readBatch() throws IOException {
        byte[] prefix = in.readNBytes(Batch.PREFIX_BYTES);
        if (prefix.length == 0) {
            return;
        }
        if (prefix.length < Batch.PREFIX_BYTES) {
            cut(Batch.PREFIX_BYTES, prefix.length);
            return;
        }
        int length = Batch.bodyLength(prefix);
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            cut(length, body.length);
            return;
        }
        entries.addAll(Batch.open(joined(prefix, body), nextPosition, icount));
        nextPosition = entries.getLast().position() + 1;
        icount = entries.getLast().icount();
    }

    private void cut(int expected, int actual) {
        tail =
                "log is cut off: batch after position %d, icount=%d: expected=%d bytes, actual=%d, hint: the recorder was stopped; all before is good"
                        .formatted(nextPosition - 1, icount, expected, actual);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
