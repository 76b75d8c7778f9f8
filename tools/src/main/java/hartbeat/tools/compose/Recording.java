package hartbeat.tools.compose;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.board.boot.BootImages;
import hartbeat.ft.log.FileRecorder;
import hartbeat.ft.log.LogFormatException;
import hartbeat.ft.log.LogHeader;
import hartbeat.ft.log.host.LogFileReader;
import hartbeat.ft.log.host.LogFileWriter;
import hartbeat.ft.run.DiskMode;
import hartbeat.ft.run.Guest;
import hartbeat.ft.run.InputRecorder;
import hartbeat.ft.run.Role;
import hartbeat.tools.UserError;
import hartbeat.tools.cli.MachineSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A log file of a plain run: every input with its icount, and a digest of the machine's state every second and at the end. */
final class Recording implements AutoCloseable {
    private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");
    private static final long DIGEST_NANOS = 1_000_000_000;

    private final @Nullable LogFileWriter writer;
    private final @Nullable FileRecorder recorder;
    private final Guest guest;
    private volatile @Nullable IOException failure;
    private long nowNanos;

    private Recording(@Nullable LogFileWriter writer, Guest guest) {
        this.writer = writer;
        this.guest = guest;
        recorder = writer == null ? null : new FileRecorder(DiskMode.SHARED, batch -> write(writer, batch));
    }

    /** @param file null for no recording */
    static Recording open(@Nullable Path file, BoardConfig config, BootImages images, MachineSpec spec, Guest guest) {
        if (file == null) {
            return new Recording(null, guest);
        }
        requireReplaceable(file);
        byte[] description = LogDescription.encode(config, spec);
        try {
            LogHeader header = new LogHeader(images.digest(config), DiskMode.SHARED, description);
            return new Recording(new LogFileWriter(file, header), guest);
        } catch (IOException e) {
            throw UserError.failed("cannot write " + file + ": " + UserError.reason(e), "check --record", e);
        }
    }

    /** A mistyped name must not cost a file that is no recording, nor may a log run into the console. */
    private static void requireReplaceable(Path file) {
        try {
            if (!Files.exists(file)) {
                return;
            }
            if (Files.isSameFile(file, STANDARD_OUTPUT) && !Files.isSameFile(file, Path.of("/dev/null"))) {
                throw UserError.failed(
                        "--record: %s is standard output, where the console goes".formatted(file), "name a file");
            }
            if (Files.isRegularFile(file) && Files.size(file) > 0) {
                new LogFileReader(file).close();
            }
        } catch (LogFormatException noLog) {
            throw UserError.failed(
                    "--record: %s exists and is no Hartbeat log that this version reads".formatted(file),
                    "choose another name, or remove it");
        } catch (IOException e) {
            throw UserError.failed("cannot write " + file + ": " + UserError.reason(e), "check --record", e);
        }
    }

    /** What the run tells its inputs, or null. */
    @Nullable
    InputRecorder recorder() {
        FileRecorder to = recorder;
        return to == null
                ? null
                : (icount, input, now) -> {
                    nowNanos = now;
                    to.applying(icount, input, now);
                };
    }

    /** The role with the digests that go with the recording. */
    Role around(Role role) {
        FileRecorder to = recorder;
        return to == null ? role : new WithDigests(role, to);
    }

    /** Ends the log in good order; to be called when the role is not polled any more. */
    void end(Role.@Nullable Outcome outcome) {
        if (recorder == null) {
            return;
        }
        recorder.digest(guest.digest(), nowNanos);
        recorder.end(guest.icount(), outcome == null ? "interrupted" : outcome.message(), nowNanos);
        requireWritten();
    }

    @Override
    public void close() throws IOException {
        if (writer != null) {
            writer.close();
        }
    }

    private void write(LogFileWriter to, byte[] batch) {
        try {
            if (failure == null) {
                to.write(batch);
            }
        } catch (IOException e) {
            failure = e;
        }
    }

    private void requireWritten() {
        IOException e = failure;
        if (e != null) {
            throw UserError.failed("the log could not be written: " + e.getMessage(), "free some space", e);
        }
    }

    private final class WithDigests implements Role {
        private final Role inner;
        private final FileRecorder to;
        private long digestNanos;

        WithDigests(Role inner, FileRecorder to) {
            this.inner = inner;
            this.to = to;
        }

        @Override
        public long poll(long now) {
            long next = inner.poll(now);
            requireWritten();
            if (now - digestNanos >= DIGEST_NANOS && inner.outcome() == null) {
                digestNanos = now;
                to.digest(guest.digest(), now);
            }
            return next;
        }

        @Override
        public @Nullable Outcome outcome() {
            return inner.outcome();
        }
    }
}
