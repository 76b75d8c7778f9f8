package hartbeat.tools.compose;

import hartbeat.tools.UserError;
import hartbeat.tools.text.Json;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * What a process tells about itself, as lines of JSON: {@code event} names the line, {@code nanos} is the host's monotonic clock, which
 * processes of one host share. A thread writes, so that a slow reader holds up nobody. May be used from several threads.
 */
public final class StatusLines implements AutoCloseable {
    private static final int CAPACITY = 4096;
    private static final long CLOSE_MILLIS = 1_000;
    private static final String END = "";

    private final @Nullable PrintStream out;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>(CAPACITY);
    private final @Nullable Thread writer;
    private volatile boolean broken;

    private StatusLines(@Nullable PrintStream out) {
        this.out = out;
        writer =
                out == null ? null : Thread.ofPlatform().daemon().name("status").start(() -> write(out));
    }

    /** @param target a file to append to, {@code -} for standard output, null for nowhere */
    public static StatusLines open(@Nullable String target) {
        if (target == null) {
            return new StatusLines(null);
        }
        if (target.equals("-")) {
            return new StatusLines(System.out);
        }
        try {
            OutputStream file = new BufferedOutputStream(
                    Files.newOutputStream(Path.of(target), StandardOpenOption.CREATE, StandardOpenOption.APPEND));
            return new StatusLines(new PrintStream(file, false, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw UserError.failed("cannot write " + target + ": " + e.getMessage(), "check --status-json", e);
        }
    }

    /** Adds one line; it is lost if thousands wait already. */
    public void tell(String event, Map<String, ?> fields) {
        if (out != null) {
            Map<String, @Nullable Object> line = new LinkedHashMap<>();
            line.put("event", event);
            line.put("nanos", System.nanoTime());
            line.putAll(fields);
            boolean unused = lines.offer(Json.line(line));
        }
    }

    /** Whether the reader is gone: a process that was started by another ends with it. */
    public boolean broken() {
        return broken;
    }

    /** Writes what waits. */
    @Override
    public void close() {
        Thread thread = writer;
        if (thread != null) {
            boolean unused = lines.offer(END);
            try {
                thread.join(CLOSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void write(PrintStream to) {
        try {
            for (String line = lines.take(); !line.equals(END); line = lines.take()) {
                to.print(line + "\n");
                to.flush();
                broken = broken || to.checkError();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
