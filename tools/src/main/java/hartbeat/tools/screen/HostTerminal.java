package hartbeat.tools.screen;

import hartbeat.tools.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * The user's terminal in raw mode: every key goes to the guest, Ctrl-C too. Its settings come back with {@link #close}, which also
 * happens when the process ends.
 */
public final class HostTerminal implements AutoCloseable {
    private final Terminal terminal;
    private final Attributes before;
    private final Thread atExit;

    private HostTerminal(Terminal terminal) {
        this.terminal = terminal;
        before = terminal.enterRawMode();
        atExit = new Thread(this::restore);
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
        try {
            return new HostTerminal(TerminalBuilder.builder()
                    .system(true)
                    .provider(TerminalBuilder.PROP_PROVIDER_FFM)
                    .dumb(false)
                    .nativeSignals(false)
                    .build());
        } catch (IOException | IllegalStateException e) {
            throw UserError.failed(
                    "the terminal cannot be used: " + e.getMessage(), "use pipes: ./hartbeat run < /dev/null | cat", e);
        }
    }

    /** Keys as bytes; blocks. */
    public InputStream input() {
        return terminal.input();
    }

    public OutputStream output() {
        return terminal.output();
    }

    public int columns() {
        int columns = terminal.getWidth();
        return columns > 0 ? columns : 80;
    }

    public int rows() {
        int rows = terminal.getHeight();
        return rows > 0 ? rows : 24;
    }

    /**
     * Reads one line with editing and history.
     *
     * @return the line without spaces around it; empty after Ctrl-C or Ctrl-D
     */
    public String readLine(String prompt) {
        LineReader reader = LineReaderBuilder.builder().terminal(terminal).build();
        try {
            return reader.readLine(prompt).strip();
        } catch (UserInterruptException | EndOfFileException leave) {
            return "";
        } finally {
            terminal.enterRawMode();
        }
    }

    @Override
    public void close() {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException shuttingDown) {
            // The hook runs or has run; once more does no harm.
        }
        try {
            terminal.close();
        } catch (IOException e) {
            throw UserError.failed("the terminal cannot be restored: " + e.getMessage(), "type: reset", e);
        }
    }

    private void restore() {
        terminal.setAttributes(before);
    }
}
