package hartbeat.tools;

import hartbeat.guest.BareGuest;
import hartbeat.guest.BareGuest.Start;
import hartbeat.tools.process.RunDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * A short life of a whole pair within one process: switch, primary and backup run a kernel until it switches itself off; then a bare
 * program runs without protection. The launcher
 * runs it once for each build while the JVM records what is loaded, linked and compiled (JEP 483, JEP 515), so that the processes of
 * the real thing start warm.
 */
final class Rehearsal {
    private Rehearsal() {}

    /**
     * Ends the process with exit code 0 if both sides did.
     *
     * @param arguments options of {@code primary} that name the kernel and what it needs
     */
    public static void main(String[] arguments) throws Exception {
        boolean done;
        try (RunDirectory directory = RunDirectory.create("hartbeat-rehearsal")) {
            String arbiter = "dir:" + directory.resolve("arbiter");
            String lan = "unix:" + directory.resolve("lan");
            String log = "127.0.0.1:" + freePort();
            start(List.of("switch", "--listen", lan));
            CompletableFuture<Integer> primary = start(
                    List.of("primary", "--listen", log, "--arbiter", arbiter, "--net", "switch=" + lan), arguments);
            CompletableFuture<Integer> backup =
                    start(List.of("backup", "--connect", log, "--arbiter", arbiter, "--net", "switch=" + lan));
            done = primary.get() == 0 && backup.get() == 0 && alone(directory) == 0;
        }
        System.exit(done ? 0 : 1);
    }

    /** A machine without protection, as {@code run} has it, with the bare guest that is in our own jar. */
    private static int alone(RunDirectory directory) throws IOException {
        Path elf = Files.write(directory.resolve("hello.elf"), new BareGuest("hello", Start.MACHINE).elf());
        return execute("run", "--bios", "none", "--kernel", elf.toString(), "--append", "x", "--no-rng");
    }

    private static int execute(String... words) {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        return Main.execute(words, nowhere, nowhere);
    }

    private static CompletableFuture<Integer> start(List<String> command, String... more) {
        CompletableFuture<Integer> exitCode = new CompletableFuture<>();
        String[] words = Stream.concat(command.stream(), Arrays.stream(more)).toArray(String[]::new);
        Thread.ofPlatform().daemon().name(words[0]).start(() -> exitCode.complete(execute(words)));
        return exitCode;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
