package hartbeat.tools.compose;

import hartbeat.ft.log.EntrySupply;
import hartbeat.ft.log.LogEntry;
import hartbeat.ft.log.LogFormatException;
import hartbeat.ft.log.LogHeader;
import hartbeat.ft.log.host.LogFileReader;
import hartbeat.tools.UserError;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A recording with one rule for its end, whoever reads it: one that was cut off is good up to its last whole entry and says so;
 * whatever follows the end of a whole one is an error.
 */
public final class RecordedLog implements EntrySupply, AutoCloseable {
    private final Path file;
    private final LogFileReader reader;
    private @Nullable LogEntry last;

    /**
     * Opens the file and reads its header.
     *
     * @throws UserError if it is no log
     */
    public RecordedLog(Path file) throws IOException {
        this.file = file;
        try {
            reader = new LogFileReader(file);
        } catch (LogFormatException e) {
            throw refused(file, e);
        }
    }

    public LogHeader header() {
        return reader.header();
    }

    /** @throws UserError if the file is damaged, or holds something behind the recording's end */
    @Override
    public @Nullable LogEntry peek() {
        boolean ended = last instanceof LogEntry.End;
        try {
            LogEntry next = reader.peek();
            if (!ended || next == null && reader.tail() == null) {
                return next;
            }
        } catch (LogFormatException e) {
            if (!ended) {
                throw refused(file, e);
            }
        }
        throw UserError.failed(
                "%s: something follows the end of the recording, which is entry %d"
                        .formatted(file, last == null ? 0 : last.position()),
                "does the file hold two recordings, or was something appended to it?");
    }

    @Override
    public void take() {
        last = reader.peek();
        reader.take();
    }

    /**
     * To be called when there is no next entry.
     *
     * @return what is to be told about a recording that was cut off; null if it ends in good order
     */
    public @Nullable String unfinished() {
        LogEntry next = peek();
        if (next != null) {
            throw new IllegalStateException("entries are left: next=" + next.position());
        }
        if (last instanceof LogEntry.End) {
            return null;
        }
        return "%s: the recording is unfinished: it is cut off after entry %d, icount=%d; all before that is good"
                .formatted(file, last == null ? 0 : last.position(), last == null ? 0 : last.icount());
    }

    private static UserError refused(Path file, LogFormatException e) {
        return UserError.failed(file + ": " + e.getMessage(), null, e);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
