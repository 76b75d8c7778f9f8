package hartbeat.bench.compare;

import hartbeat.bench.compare.CommandLines.Places;
import hartbeat.devices.host.HostException;
import hartbeat.tools.UserError;
import hartbeat.tools.process.RunDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs a subject in a mode, once, and measures it.
 *
 * @param limitSeconds after which a run is ended and counts as failed
 */
record Runner(CommandLines commands, int limitSeconds) {
    /** How often the memory of the processes is looked at; each look takes a core from those who are measured. */
    private static final long LOOK_MILLIS = 100;

    /** The first look comes early, so that a process that ends soon was seen. */
    private static final long FIRST_LOOK_MILLIS = 20;

    /** Time for a backup to end by itself after its primary. */
    private static final long END_MILLIS = 5_000;

    /** A run that gave no figures, with the reason in one line. */
    static final class RunFailure extends Exception {
        private static final long serialVersionUID = 1L;

        RunFailure(String reason) {
            super(reason);
        }
    }

    /**
     * Runs it from start to end.
     *
     * @param directory holds the logs that a recording leaves for its replay
     * @return null if the subject has no such mode
     */
    @Nullable
    Sample run(Subject subject, Mode mode, int round, RunDirectory directory)
            throws RunFailure, InterruptedException, IOException {
        Places places = new Places(directory.path(), freePort());
        List<String> command = commands.main(subject, mode, places);
        if (command == null) {
            return null;
        }
        double cpuBefore = CpuClock.endedChildrenSeconds();
        return switch (mode) {
            case PROTECTED -> protectedRun(subject, round, command, places, cpuBefore);
            case BESIDE -> beside(subject, mode, round, command, places, cpuBefore);
            default -> single(subject, mode, round, command, places, cpuBefore);
        };
    }

    /** Another of its kind does the same at the same time; the one knows nothing of the other. */
    private Sample beside(Subject subject, Mode mode, int round, List<String> command, Places places, double cpuBefore)
            throws RunFailure, InterruptedException {
        try (ChildProcess _ =
                ChildProcess.start(command, places.directory().resolve("neighbour-errors"), (_, _, _) -> {})) {
            return single(subject, mode, round, command, places, cpuBefore);
        }
    }

    private Sample single(Subject subject, Mode mode, int round, List<String> command, Places places, double cpuBefore)
            throws RunFailure, InterruptedException {
        long start = System.nanoTime();
        MarkReader marks = new MarkReader(start);
        try (ChildProcess process =
                ChildProcess.start(command, places.directory().resolve("errors"), marks::accept)) {
            await(process, List.of(process), start, marks);
            long end = System.nanoTime();
            return sample(subject, mode, round, List.of(process), marks, start, end, cpuBefore);
        }
    }

    /** Primary and backup are started at once; the LAN switch is there already, as in a data centre. */
    private Sample protectedRun(Subject subject, int round, List<String> command, Places places, double cpuBefore)
            throws RunFailure, InterruptedException {
        try (ConsoleHub hub = ConsoleHub.open(places.lan())) {
            long start = System.nanoTime();
            MarkReader marks = new MarkReader(start);
            hub.listen(marks);
            try (ChildProcess primary =
                            ChildProcess.start(command, places.directory().resolve("primary-errors"), marks::accept);
                    ChildProcess backup = ChildProcess.start(
                            commands.backup(places), places.directory().resolve("backup-errors"), (_, _, _) -> {})) {
                await(primary, List.of(primary, backup), start, marks);
                long end = System.nanoTime();
                if (!backup.ended(END_MILLIS)) {
                    throw new RunFailure("the backup did not end with its primary");
                }
                if (backup.exitCode() != 0) {
                    throw new RunFailure(
                            "the backup ended with exit code %d: %s".formatted(backup.exitCode(), backup.lastError()));
                }
                return sample(subject, Mode.PROTECTED, round, List.of(primary, backup), marks, start, end, cpuBefore);
            }
        } catch (HostException e) {
            throw UserError.failed("the LAN switch could not be started: " + e.getMessage(), e.hint(), e);
        }
    }

    private void await(ChildProcess main, List<ChildProcess> all, long start, MarkReader marks)
            throws RunFailure, InterruptedException {
        long deadline = start + TimeUnit.SECONDS.toNanos(limitSeconds);
        long lookMillis = FIRST_LOOK_MILLIS;
        while (!main.ended(lookMillis)) {
            all.forEach(ChildProcess::look);
            lookMillis = LOOK_MILLIS;
            if (System.nanoTime() > deadline) {
                throw new RunFailure("not done after %d s, last line: %s; give more with --limit"
                        .formatted(limitSeconds, marks.lastLine()));
            }
        }
    }

    private static Sample sample(
            Subject subject,
            Mode mode,
            int round,
            List<ChildProcess> processes,
            MarkReader marks,
            long start,
            long end,
            double cpuBefore)
            throws RunFailure {
        ChildProcess main = processes.getFirst();
        if (main.exitCode() != 0) {
            String said = main.lastError();
            throw new RunFailure(
                    "exit code %d: %s".formatted(main.exitCode(), said.isEmpty() ? marks.lastLine() : said));
        }
        String complaint = marks.complaint();
        if (complaint != null) {
            throw new RunFailure("wrong mark: " + complaint);
        }
        long peak = processes.stream().mapToLong(ChildProcess::peakBytes).max().orElse(0);
        return new Sample(
                subject,
                mode,
                round,
                (end - start) / 1e9,
                CpuClock.endedChildrenSeconds() - cpuBefore,
                peak,
                new ArrayList<>(marks.traces()));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
