package hartbeat.bench.compare;

import hartbeat.tools.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that is measured: its output stamped as it comes, its memory looked at while it runs. */
final class ChildProcess implements AutoCloseable {
    private static final int BUFFER_BYTES = 8192;
    private static final long KILL_SECONDS = 5;

    private final Process process;
    private final Path errors;
    private final Thread reader;
    private long peakBytes;

    /** Hears what a process prints. */
    interface Printed {
        void accept(byte[] bytes, int length, long nanos);
    }

    private ChildProcess(Process process, Path errors, Printed printed) {
        this.process = process;
        this.errors = errors;
        reader = Thread.ofPlatform().daemon().name("bench output").start(() -> read(printed));
    }

    /** @param errors file for its standard error */
    static ChildProcess start(List<String> command, Path errors, Printed printed) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectError(errors.toFile())
                    .start();
            return new ChildProcess(process, errors, printed);
        } catch (IOException e) {
            throw UserError.failed(
                    "cannot start " + command.getFirst() + ": " + e.getMessage(), "is its package installed?", e);
        }
    }

    /** Waits for a moment; true if it has ended and all its output was heard. */
    boolean ended(long millis) throws InterruptedException {
        boolean ended = process.waitFor(millis, TimeUnit.MILLISECONDS);
        if (ended) {
            reader.join();
        }
        return ended;
    }

    /** Notes how much memory it has used so far. */
    void look() {
        peakBytes = Math.max(peakBytes, CpuClock.peakBytes(process.pid()));
    }

    long peakBytes() {
        return peakBytes;
    }

    /** Only after its end. */
    int exitCode() {
        return process.exitValue();
    }

    /** The last line of its standard error. */
    String lastError() {
        try {
            return Files.readString(errors)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .reduce("", (a, b) -> b);
        } catch (IOException none) {
            return "";
        }
    }

    @Override
    public void close() {
        try {
            process.destroyForcibly();
            boolean unused = process.waitFor(KILL_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read(Printed printed) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = process.getInputStream()) {
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                printed.accept(buffer, length, System.nanoTime());
            }
        } catch (IOException closed) {
            // The pipe closes with the process, however that ends.
        }
    }
}
