package hartbeat.fuzz.readers;

import hartbeat.fuzz.Target;
import hartbeat.tools.screen.SvgPicture;
import hartbeat.tools.screen.VirtualScreen;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a guest prints, on the screen that a picture is drawn of. */
public final class ScreenTarget implements Target {
    private static final int MOST_COLUMNS = 100;
    private static final int MOST_ROWS = 40;

    @Override
    public String name() {
        return "screen";
    }

    @Override
    public String about() {
        return "a console's bytes and escape sequences, as they are drawn";
    }

    @Override
    public void test(byte[] input) {
        Bytes in = new Bytes(input);
        int columns = 1 + in.u8() % MOST_COLUMNS;
        VirtualScreen screen = new VirtualScreen(columns, 1 + in.u8() % MOST_ROWS);
        for (byte one : in.rest()) {
            screen.write(one);
        }
        for (int row = 0; row < screen.rows(); row++) {
            if (screen.line(row).length() != columns) {
                throw new IllegalStateException("row %d: expected=%d columns, actual=%d"
                        .formatted(row, columns, screen.line(row).length()));
            }
        }
        SvgPicture.of(screen, "console");
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(
                text(79, 23, "~ # ls\r\n\033[1;34mbin\033[m  \033[0;32metc\033[0m\r\n\033[6n\033[J"),
                text(
                        79,
                        23,
                        "\033[1;23r\0337\033[24;1H\033[7mstatus\033[0m\0338\033[A\033[2K\033[3C\033[4D\033[5G\t<&>"),
                text(9, 1, "\033[2J\033[H0123456789ab\b\b\033(B\033[31;39m\n\n\033[9999B\033[9999;9999f"));
    }

    private static byte[] text(int columns, int rows, String printed) {
        return Bytes.joined(Bytes.of(columns, rows), printed.getBytes(StandardCharsets.ISO_8859_1));
    }
}
