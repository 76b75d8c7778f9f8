package hartbeat.ft.log.host;

import hartbeat.ft.log.LogHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes a recording: the header, then whole batches. */
public final class LogFileWriter implements AutoCloseable {
    private final FileChannel channel;
    private long bytes;

    /** @throws IOException if the file cannot be created */
    public LogFileWriter(Path file, LogHeader header) throws IOException {
        channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        write(header.encode());
    }

    public void write(byte[] batch) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(batch);
        while (buffer.hasRemaining()) {
            bytes += channel.write(buffer);
        }
    }

    /** Bytes written so far, header included. */
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() throws IOException {
        try {
            channel.force(false);
        } finally {
            channel.close();
        }
    }
}
