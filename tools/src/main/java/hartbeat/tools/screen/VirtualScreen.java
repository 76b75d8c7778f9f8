package hartbeat.tools.screen;

import java.io.OutputStream;
import java.util.Arrays;

/**
 * A terminal that only remembers what it shows: as much of a VT100 (ECMA-48) as a shell, its line editor and our status line use.
 * Made for pictures of the screen and for tests of what a user would see. Characters are one byte each; others show as '?'.
 */
public final class VirtualScreen extends OutputStream {
    /** How a cell is drawn. */
    public record Style(int foreground, boolean bold, boolean inverse) {
        /** {@code foreground} of a cell in the terminal's own colour. */
        public static final int DEFAULT_COLOUR = -1;

        static final Style PLAIN = new Style(DEFAULT_COLOUR, false, false);
    }

    /** Longer parameters are nobody's, and are cut off: a guest that never ends its sequence is not to fill our memory. */
    private static final int MOST_PARAMETERS = 128;

    private enum Mode {
        TEXT,
        ESCAPE,
        CONTROL,
        SKIP_ONE
    }

    private final int columns;
    private final int rows;
    private final char[][] text;
    private final Style[][] styles;
    private final StringBuilder parameters = new StringBuilder();
    private Mode mode = Mode.TEXT;
    private Style style = Style.PLAIN;
    private int row;
    private int column;
    private int savedRow;
    private int savedColumn;
    private Style savedStyle = Style.PLAIN;
    private int top;
    private int bottom;

    public VirtualScreen(int columns, int rows) {
        this.columns = columns;
        this.rows = rows;
        text = new char[rows][columns];
        styles = new Style[rows][columns];
        bottom = rows - 1;
        for (int r = 0; r < rows; r++) {
            clear(r, 0, columns);
        }
    }

    public int columns() {
        return columns;
    }

    public int rows() {
        return rows;
    }

    /** The characters of a row, with trailing spaces. */
    public synchronized String line(int atRow) {
        return new String(text[atRow]);
    }

    public synchronized Style style(int atRow, int atColumn) {
        return styles[atRow][atColumn];
    }

    /** All rows, without trailing spaces. */
    public synchronized String contents() {
        StringBuilder out = new StringBuilder();
        for (int r = 0; r < rows; r++) {
            out.append(line(r).stripTrailing()).append('\n');
        }
        return out.toString();
    }

    @Override
    public synchronized void write(int b) {
        int c = b & 0xff;
        switch (mode) {
            case TEXT -> text(c);
            case ESCAPE -> escape(c);
            case CONTROL -> control(c);
            case SKIP_ONE -> mode = Mode.TEXT;
        }
    }

    private void text(int c) {
        switch (c) {
            case '\r' -> column = 0;
            case '\n' -> lineFeed();
            case '\b' -> column = Math.max(0, column - 1);
            case '\t' -> column = Math.min(columns - 1, (column / 8 + 1) * 8);
            case 0x1b -> mode = Mode.ESCAPE;
            default -> {
                if (c >= 0x20) {
                    put(c < 0x7f ? (char) c : '?');
                }
            }
        }
    }

    private void put(char c) {
        if (column == columns) {
            column = 0;
            lineFeed();
        }
        text[row][column] = c;
        styles[row][column] = style;
        column++;
    }

    private void lineFeed() {
        if (row == bottom) {
            scroll();
        } else if (row < rows - 1) {
            row++;
        }
    }

    private void scroll() {
        for (int r = top; r < bottom; r++) {
            text[r] = text[r + 1].clone();
            styles[r] = styles[r + 1].clone();
        }
        clear(bottom, 0, columns);
    }

    private void clear(int atRow, int from, int to) {
        Arrays.fill(text[atRow], from, to, ' ');
        Arrays.fill(styles[atRow], from, to, Style.PLAIN);
    }

    private void escape(int c) {
        mode = Mode.TEXT;
        switch (c) {
            case '[' -> {
                parameters.setLength(0);
                mode = Mode.CONTROL;
            }
            case '7' -> {
                savedRow = row;
                savedColumn = column;
                savedStyle = style;
            }
            case '8' -> {
                row = savedRow;
                column = savedColumn;
                style = savedStyle;
            }
            case '(', ')' -> mode = Mode.SKIP_ONE;
            default -> {
                // Sequences that change nothing that a picture shows.
            }
        }
    }

    private void control(int c) {
        if (c < 0x40) {
            if (parameters.length() < MOST_PARAMETERS) {
                parameters.append((char) c);
            }
            return;
        }
        mode = Mode.TEXT;
        switch (c) {
            case 'A' -> row = Math.max(0, row - parameter(0, 1));
            case 'B' -> row = Math.min(rows - 1, row + parameter(0, 1));
            case 'C' -> column = Math.min(columns - 1, column + parameter(0, 1));
            case 'D' -> column = Math.max(0, column - parameter(0, 1));
            case 'G' -> column = Math.clamp(parameter(0, 1) - 1L, 0, columns - 1);
            case 'H', 'f' -> move(parameter(0, 1) - 1, parameter(1, 1) - 1);
            case 'J' -> eraseDisplay(parameter(0, 0));
            case 'K' -> eraseLine(parameter(0, 0));
            case 'm' -> colours();
            case 'r' -> region();
            default -> {
                // Modes and reports change nothing that a picture shows.
            }
        }
    }

    private void move(int toRow, int toColumn) {
        row = Math.clamp(toRow, 0, rows - 1);
        column = Math.clamp(toColumn, 0, columns - 1);
    }

    private void region() {
        int first = parameter(0, 1) - 1;
        int last = parameter(1, rows) - 1;
        if (first >= 0 && first < last && last < rows) {
            top = first;
            bottom = last;
            move(0, 0);
        }
    }

    private void eraseDisplay(int what) {
        int first = what == 0 ? row + 1 : 0;
        int end = what == 1 ? row : rows;
        for (int r = first; r < end; r++) {
            clear(r, 0, columns);
        }
        if (what < 2) {
            eraseLine(what);
        }
    }

    private void eraseLine(int what) {
        int here = Math.min(column, columns - 1);
        clear(row, what == 0 ? here : 0, what == 1 ? here + 1 : columns);
    }

    /** SGR: the eight colours, bold and inverse. */
    private void colours() {
        String[] numbers = parameters.toString().split(";", -1);
        for (int i = 0; i < numbers.length; i++) {
            int number = parameter(i, 0);
            if (number == 0) {
                style = Style.PLAIN;
            } else if (number == 1) {
                style = new Style(style.foreground(), true, style.inverse());
            } else if (number == 7) {
                style = new Style(style.foreground(), style.bold(), true);
            } else if (number >= 30 && number <= 37) {
                style = new Style(number - 30, style.bold(), style.inverse());
            } else if (number == 39) {
                style = new Style(Style.DEFAULT_COLOUR, style.bold(), style.inverse());
            }
        }
    }

    private int parameter(int index, int byDefault) {
        String[] numbers = parameters.toString().split(";", -1);
        if (index >= numbers.length || !numbers[index].matches("\\d{1,4}")) {
            return byDefault;
        }
        int number = Integer.parseInt(numbers[index]);
        return number == 0 ? byDefault : number;
    }
}
