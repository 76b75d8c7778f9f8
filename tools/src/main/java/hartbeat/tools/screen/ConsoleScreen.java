package hartbeat.tools.screen;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/**
 * The guest's console on a terminal, with a status line that stays at the bottom: the lines above it are the terminal's scroll region
 * (DECSTBM), so that what the guest prints never runs over it. May be used from several threads.
 */
public final class ConsoleScreen implements AutoCloseable {
    private static final String SAVE = "\0337";
    private static final String RESTORE = "\0338";
    private static final String RESET_COLOURS = "\033[0m";
    private static final String INVERSE = "\033[7m";
    private static final String CYAN = "\033[36m";

    /** What of our own is shown beside what the guest prints. */
    public enum Look {
        /** Lines without any escape sequence, for a terminal that knows none. */
        PLAIN,
        /** Coloured lines. */
        COLOURED,
        /** Coloured lines, and a status line at the bottom. */
        STATUS_LINE
    }

    private final OutputStream terminal;
    private final IntSupplier columns;
    private final IntSupplier rows;
    private final Look look;
    private final ReentrantLock lock = new ReentrantLock();
    private String status = "";
    private int regionRows;
    /** Nothing stands on the line yet that our own could be mixed up with. */
    private boolean lineBegins;

    /**
     * @param terminal takes the bytes
     * @param columns present width of the terminal
     * @param rows present height of the terminal
     */
    public ConsoleScreen(OutputStream terminal, IntSupplier columns, IntSupplier rows, Look look) {
        this.terminal = terminal;
        this.columns = columns;
        this.rows = rows;
        this.look = look;
    }

    /** What the guest printed, as it came. */
    public void guest(byte[] bytes) {
        lock.lock();
        try {
            write(bytes);
            lineBegins = bytes.length == 0 ? lineBegins : bytes[bytes.length - 1] == '\n';
        } finally {
            lock.unlock();
        }
    }

    /** A line of our own between the guest's: distinguishable, and beginning on a line of its own. */
    public void notice(String line) {
        lock.lock();
        try {
            String text = "[hartbeat] " + line;
            String coloured = look == Look.PLAIN ? text : CYAN + text + RESET_COLOURS;
            write(((lineBegins ? "" : "\r\n") + coloured + "\r\n").getBytes(StandardCharsets.UTF_8));
            lineBegins = true;
        } finally {
            lock.unlock();
        }
    }

    /** Shows another status line. */
    public void status(String text) {
        lock.lock();
        try {
            boolean changed = !text.equals(status) || rows.getAsInt() != regionRows;
            status = text;
            if (changed) {
                draw();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Gives the whole terminal back. */
    @Override
    public void close() {
        if (look == Look.STATUS_LINE) {
            write(("%s\033[r%s\033[%d;1H\033[K".formatted(SAVE, RESTORE, rows.getAsInt()))
                    .getBytes(StandardCharsets.UTF_8));
        }
        if (look != Look.PLAIN) {
            write(RESET_COLOURS.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void draw() {
        if (look != Look.STATUS_LINE) {
            return;
        }
        int height = rows.getAsInt();
        StringBuilder out = new StringBuilder();
        if (height != regionRows) {
            // Setting the region moves the cursor home, so that it is saved before; a new line makes room at the
            // bottom.
            out.append("\n\033[A").append(SAVE);
            out.append("\033[1;%dr".formatted(height - 1)).append(RESTORE);
            regionRows = height;
        }
        String line = fit(status, columns.getAsInt());
        out.append(SAVE).append("\033[%d;1H".formatted(height)).append(INVERSE).append(line);
        out.append(RESET_COLOURS).append(RESTORE);
        write(out.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String fit(String text, int width) {
        return text.length() >= width ? text.substring(0, width) : text + " ".repeat(width - text.length());
    }

    private void write(byte[] bytes) {
        lock.lock();
        try {
            terminal.write(bytes);
            terminal.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }
}
