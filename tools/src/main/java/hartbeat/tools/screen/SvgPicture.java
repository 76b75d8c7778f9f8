package hartbeat.tools.screen;

import java.util.Locale;

/** Draws a {@link VirtualScreen} as an SVG picture that looks like a terminal's window. */
public final class SvgPicture {
    private static final double CELL_WIDTH = 8.4;
    private static final int CELL_HEIGHT = 18;
    private static final int MARGIN = 14;
    private static final int TITLE_HEIGHT = 30;
    private static final String PAPER = "#14171c";
    private static final String INK = "#d5d9e0";
    private static final String[] COLOURS = {
        "#5c6370", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#ffffff"
    };

    private final VirtualScreen screen;
    private final StringBuilder out = new StringBuilder();

    private SvgPicture(VirtualScreen screen) {
        this.screen = screen;
    }

    /** The whole picture as text; the same screen always gives the same text. */
    public static String of(VirtualScreen screen, String title) {
        SvgPicture picture = new SvgPicture(screen);
        picture.frame(title);
        for (int row = 0; row < screen.rows(); row++) {
            picture.row(row);
        }
        return picture.out.append("</svg>\n").toString();
    }

    private void frame(String title) {
        int width = (int) Math.ceil(screen.columns() * CELL_WIDTH) + 2 * MARGIN;
        int height = screen.rows() * CELL_HEIGHT + 2 * MARGIN + TITLE_HEIGHT;
        out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n"
                .formatted(width, height, width, height));
        out.append("<style>text{font-family:ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace;"
                + "font-size:14px;white-space:pre}</style>\n");
        out.append("<rect width=\"100%%\" height=\"100%%\" rx=\"8\" fill=\"%s\"/>\n".formatted(PAPER));
        for (int i = 0; i < 3; i++) {
            out.append("<circle cx=\"%d\" cy=\"18\" r=\"6\" fill=\"%s\"/>\n"
                    .formatted(22 + 20 * i, COLOURS[new int[] {1, 3, 2}[i]]));
        }
        out.append("<text x=\"%d\" y=\"23\" fill=\"%s\" text-anchor=\"middle\">%s</text>\n"
                .formatted(width / 2, COLOURS[0], escape(title)));
    }

    /** Neighbouring cells of one style are one piece of text with its length given, so that any font keeps the columns. */
    private void row(int row) {
        String line = screen.line(row);
        int start = 0;
        while (start < screen.columns()) {
            VirtualScreen.Style style = screen.style(row, start);
            int end = start + 1;
            while (end < screen.columns() && screen.style(row, end).equals(style)) {
                end++;
            }
            run(row, start, line.substring(start, end), style);
            start = end;
        }
    }

    private void run(int row, int column, String text, VirtualScreen.Style style) {
        double x = MARGIN + column * CELL_WIDTH;
        int y = MARGIN + TITLE_HEIGHT + row * CELL_HEIGHT;
        String ink = style.foreground() < 0 ? INK : COLOURS[style.foreground()];
        if (style.inverse()) {
            out.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n",
                    x,
                    y,
                    text.length() * CELL_WIDTH,
                    CELL_HEIGHT,
                    ink));
            ink = PAPER;
        }
        String shown = text.stripTrailing();
        if (!shown.isEmpty()) {
            out.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"%d\" fill=\"%s\"%s textLength=\"%.1f\" xml:space=\"preserve\">%s</text>\n",
                    x,
                    y + 13,
                    ink,
                    style.bold() ? " font-weight=\"bold\"" : "",
                    shown.length() * CELL_WIDTH,
                    escape(shown)));
        }
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
