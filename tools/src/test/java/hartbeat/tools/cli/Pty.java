package hartbeat.tools.cli;

import hartbeat.devices.host.posix.Posix;
import hartbeat.tools.process.OwnCommand;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One of our commands on a pseudo-terminal, whose other end the test holds (man 7 pty). */
final class Pty implements AutoCloseable {
    private static final long TIOCSPTLCK = 0x40045431L;
    private static final long TIOCGPTN = 0x80045430L;
    private static final int O_NOCTTY = 0x100;
    private static final int WAIT_MILLIS = 20_000;

    private final int master;
    private final Process process;
    private final StringBuilder shown = new StringBuilder();

    private Pty(int master, Process process) {
        this.master = master;
        this.process = process;
    }

    /** @param term kind of terminal, as in the environment variable TERM */
    static Pty start(String term, List<String> arguments) throws IOException {
        int master = Posix.open("/dev/ptmx", Posix.O_RDWR | Posix.O_CLOEXEC | O_NOCTTY);
        byte[] number = new byte[4];
        require(master, "open /dev/ptmx");
        require(Posix.ioctl(master, TIOCSPTLCK, new byte[4]), "TIOCSPTLCK");
        require(Posix.ioctl(master, TIOCGPTN, number), "TIOCGPTN");
        File slave = new File("/dev/pts/"
                + ByteBuffer.wrap(number).order(ByteOrder.nativeOrder()).getInt());
        ProcessBuilder builder = new ProcessBuilder(OwnCommand.of(arguments))
                .redirectInput(slave)
                .redirectOutput(slave)
                .redirectErrorStream(true);
        builder.environment().put("TERM", term);
        return new Pty(master, builder.start());
    }

    private static void require(int result, String what) throws IOException {
        if (result < 0) {
            throw new IOException(what + ": " + Posix.message(-result));
        }
    }

    Process process() {
        return process;
    }

    void type(String keys) throws IOException {
        require(Posix.write(master, keys.getBytes(StandardCharsets.ISO_8859_1)), "write");
    }

    /** Waits until this was shown. */
    void await(String text) {
        while (shown.indexOf(text) < 0) {
            if (!show()) {
                throw new AssertionError("never shown: '%s' in '%s'".formatted(text, shown));
            }
        }
    }

    /** Waits for the end of the process; its exit code. */
    int end() throws InterruptedException {
        while (show()) {
            // Until the other end is closed.
        }
        return process.waitFor();
    }

    /** All that was shown up to now. */
    String shown() {
        return shown.toString();
    }

    /** @return false if the process has closed the terminal; an error after long silence */
    private boolean show() {
        if (Posix.pollReadable(master, WAIT_MILLIS) == 0) {
            throw new AssertionError("nothing more is shown after '%s'".formatted(shown));
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(4096);
            int length = Posix.read(master, buffer);
            if (length <= 0) {
                return false;
            }
            byte[] bytes = buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
            shown.append(new String(bytes, StandardCharsets.ISO_8859_1));
            return true;
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        Posix.close(master);
    }
}
