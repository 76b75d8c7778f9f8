package hartbeat.tools.process;

import hartbeat.tools.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A child process whose standard output is read line by line and whose standard error goes to a log file. It can be killed, frozen
 * and woken like any process of the operating system; nothing inside it helps.
 */
public final class ManagedProcess implements AutoCloseable {
    private final String name;
    private final Process process;
    private final Path log;
    private final Thread reader;

    private ManagedProcess(String name, Process process, Path log, Consumer<String> lines) {
        this.name = name;
        this.process = process;
        this.log = log;
        reader = Thread.ofPlatform().daemon().name(name + " output").start(() -> read(lines));
    }

    /**
     * Starts a process.
     *
     * @param log file for its standard error
     * @param lines called for each line of its standard output, on a thread of its own
     */
    public static ManagedProcess start(String name, List<String> command, Path log, Consumer<String> lines) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
            return new ManagedProcess(name, process, log, lines);
        } catch (IOException e) {
            throw UserError.failed("cannot start " + name + ": " + e.getMessage(), null, e);
        }
    }

    public String name() {
        return name;
    }

    public long pid() {
        return process.pid();
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** Waits at most {@code millis} for the end of the process; true if it has ended. */
    public boolean awaitExit(long millis) throws InterruptedException {
        return process.waitFor(millis, TimeUnit.MILLISECONDS);
    }

    /** Exit code; 128 + signal number if a signal ended it. Only after the end. */
    public int exitCode() {
        return process.exitValue();
    }

    /** SIGKILL: the plug is pulled. */
    public void kill() {
        process.destroyForcibly();
    }

    /** SIGSTOP: the process stands still, its sockets stay open. */
    public void freeze() {
        signal("STOP");
    }

    /** SIGCONT. */
    public void wake() {
        signal("CONT");
    }

    /** The last lines of its log, for an error message. */
    public List<String> lastLogLines(int count) {
        try {
            List<String> all = new ArrayList<>(Files.readAllLines(log, StandardCharsets.UTF_8));
            return all.subList(Math.max(0, all.size() - count), all.size());
        } catch (IOException notThere) {
            return List.of();
        }
    }

    /** Ends the process, kindly first; a frozen one cannot hear that and is killed. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(1, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                process.waitFor(5, TimeUnit.SECONDS);
            }
            reader.join(1000);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** The JDK has no call for SIGSTOP and SIGCONT; the shell's built-in {@code kill} is everywhere. */
    private void signal(String signal) {
        try {
            Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " " + pid()).start();
            if (kill.waitFor() != 0) {
                throw UserError.failed("cannot send SIG" + signal + " to " + name, null);
            }
        } catch (IOException e) {
            throw UserError.failed("cannot send SIG" + signal + " to " + name + ": " + e.getMessage(), null, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read(Consumer<String> lines) {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.accept(line);
            }
        } catch (IOException closed) {
            // The pipe closes with the process, however that ends.
        }
    }
}
