package hartbeat.tools.screen;

import hartbeat.devices.host.posix.Posix;
import hartbeat.tools.UserError;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The user's terminal in raw mode: every key goes to the guest, Ctrl-C too. Its settings come back with {@link #close}, which also
 * happens when the process ends. A thread that waits for a key holds nothing that closing needs: it stays behind, and ends with the
 * process.
 */
public final class HostTerminal implements AutoCloseable {
    // Requests of man 2 ioctl_tty, the same numbers on x86-64, arm64 and riscv64.
    private static final long TCGETS = 0x5401;
    private static final long TCSETS = 0x5402;
    private static final long TIOCGWINSZ = 0x5413;

    // struct termios of the kernel: four words of flags, the line discipline, 19 control characters.
    private static final int SETTINGS_BYTES = 36;
    private static final int INPUT_FLAGS = 0;
    private static final int LOCAL_FLAGS = 12;
    private static final int CONTROL_CHARACTERS = 17;
    private static final int VTIME = 5;
    private static final int VMIN = 6;
    private static final int ISTRIP_INLCR_IGNCR_ICRNL_IXON = 0x20 | 0x40 | 0x80 | 0x100 | 0x400;
    private static final int ICRNL = 0x100;
    private static final int ISIG = 1;
    private static final int ICANON = 2;
    private static final int ECHO_AND_ERASE = 0x8 | 0x10;
    private static final int IEXTEN = 0x8000;

    private static final int DESCRIPTOR = 0;
    private static final int CTRL_C = 3;
    private static final int LINE_BYTES = 4096;

    private final InputStream input = new FileInputStream(FileDescriptor.in);
    private final OutputStream output = new FileOutputStream(FileDescriptor.out);
    private final byte[] before;
    private final Thread atExit;

    private HostTerminal(byte[] before) {
        this.before = before;
        set(raw(before));
        atExit = new Thread(() -> set(before));
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Whether both standard input and standard output are terminals. */
    public static boolean present() {
        return isTerminal(0) && isTerminal(1);
    }

    private static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException notToBeSeen) {
            return false;
        }
    }

    /** Takes the terminal; only if {@link #present}. */
    public static HostTerminal open() {
        byte[] settings = new byte[SETTINGS_BYTES];
        int result = Posix.ioctl(DESCRIPTOR, TCGETS, settings);
        if (result < 0) {
            throw UserError.failed(
                    "the terminal cannot be used: " + Posix.message(-result),
                    "use pipes: ./hartbeat run < /dev/null | cat");
        }
        return new HostTerminal(settings);
    }

    /** What a screen on this terminal may do: a dumb one (TERM=dumb, or no TERM) shows lines and knows no escape sequences. */
    public ConsoleScreen.Look look(ConsoleScreen.Look wanted) {
        String kind = System.getenv("TERM");
        return kind == null || kind.isEmpty() || kind.equals("dumb") ? ConsoleScreen.Look.PLAIN : wanted;
    }

    /** Keys as bytes; blocks. */
    public InputStream input() {
        return input;
    }

    public OutputStream output() {
        return output;
    }

    public int columns() {
        return size(2, 80);
    }

    public int rows() {
        return size(0, 24);
    }

    /** A field of struct winsize, or what a terminal of unknown size has. */
    private static int size(int offset, int usual) {
        byte[] window = new byte[8];
        int result = Posix.ioctl(DESCRIPTOR, TIOCGWINSZ, window);
        int size = words(window).getShort(offset) & 0xffff;
        return result < 0 || size == 0 ? usual : size;
    }

    /**
     * Reads one line, which the terminal itself lets the user edit; on the thread that reads {@link #input}.
     *
     * @return the line without spaces around it; empty after Ctrl-C or Ctrl-D
     * @throws IOException if the terminal has gone
     */
    public String readLine(String prompt) throws IOException {
        // First: whoever answers at once, as a script does, must find that lines can be edited.
        set(cooked(before));
        try {
            output.write(prompt.getBytes(StandardCharsets.UTF_8));
            byte[] line = new byte[LINE_BYTES];
            int length = Math.max(0, input.read(line));
            String text = new String(line, 0, length, StandardCharsets.UTF_8);
            return text.indexOf(CTRL_C) >= 0 ? "" : text.strip();
        } finally {
            set(raw(before));
        }
    }

    @Override
    public void close() {
        set(before);
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException shuttingDown) {
            // The hook runs or has run; once more does no harm.
        }
    }

    private static byte[] raw(byte[] settings) {
        return changed(settings, ISTRIP_INLCR_IGNCR_ICRNL_IXON, 0, ISIG | ICANON | ECHO_AND_ERASE | IEXTEN, 0);
    }

    /** Lines with echo; Ctrl-C is a character all the same, since it must not end the machine. */
    private static byte[] cooked(byte[] settings) {
        return changed(settings, 0, ICRNL, ISIG, ICANON | ECHO_AND_ERASE);
    }

    private static byte[] changed(byte[] settings, int noInput, int input, int noLocal, int local) {
        byte[] fresh = Arrays.copyOf(settings, settings.length);
        ByteBuffer words = words(fresh);
        words.putInt(INPUT_FLAGS, words.getInt(INPUT_FLAGS) & ~noInput | input);
        words.putInt(LOCAL_FLAGS, words.getInt(LOCAL_FLAGS) & ~noLocal | local);
        if ((words.getInt(LOCAL_FLAGS) & ICANON) == 0) {
            fresh[CONTROL_CHARACTERS + VTIME] = 0;
            fresh[CONTROL_CHARACTERS + VMIN] = 1;
        }
        return fresh;
    }

    private static ByteBuffer words(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }

    /** What a terminal that has gone says to this interests nobody. */
    private static void set(byte[] settings) {
        int unused = Posix.ioctl(DESCRIPTOR, TCSETS, Arrays.copyOf(settings, settings.length));
    }
}
