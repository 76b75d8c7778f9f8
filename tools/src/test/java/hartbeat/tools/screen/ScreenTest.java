package hartbeat.tools.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ScreenTest {
    private static final int COLUMNS = 20;
    private static final int ROWS = 5;

    private final VirtualScreen screen = new VirtualScreen(COLUMNS, ROWS);

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void textWrapsAndScrolls() throws IOException {
        screen.write(ascii("one\r\ntwo\r\nthree\r\nfour\r\nfive\r\nsix"));

        assertThat(screen.contents()).isEqualTo("two\nthree\nfour\nfive\nsix\n");
    }

    @Test
    void theStatusLineStaysBelowWhatTheGuestPrints() {
        try (ConsoleScreen console =
                new ConsoleScreen(screen, () -> COLUMNS, () -> ROWS, ConsoleScreen.Look.STATUS_LINE)) {
            console.status("role primary");
            for (int i = 1; i <= 9; i++) {
                console.guest(ascii("line " + i + "\r\n"));
            }
            console.status("role live");

            assertThat(screen.line(ROWS - 1)).isEqualTo("role live           ");
            assertThat(screen.style(ROWS - 1, 0).inverse()).isTrue();
            assertThat(screen.contents()).startsWith("line 7\nline 8\nline 9\n");
        }
    }

    @Test
    void aNoticeHasALineOfItsOwnAndLeavesNoEmptyOnes() {
        try (ConsoleScreen console =
                new ConsoleScreen(screen, () -> COLUMNS, () -> ROWS, ConsoleScreen.Look.COLOURED)) {
            console.guest(ascii("prompt# "));
            console.notice("one");
            console.notice("two");
            console.guest(ascii("line\r\n"));
            console.notice("3");

            assertThat(screen.contents()).isEqualTo("[hartbeat] one\n[hartbeat] two\nline\n[hartbeat] 3\n\n");
        }
    }

    @Test
    void aStatusLineThatIsTooLongIsCut() {
        try (ConsoleScreen console =
                new ConsoleScreen(screen, () -> COLUMNS, () -> ROWS, ConsoleScreen.Look.STATUS_LINE)) {
            console.status("x".repeat(100));
            assertThat(screen.line(ROWS - 1)).isEqualTo("x".repeat(COLUMNS));
            assertThat(screen.line(0)).isBlank();
        }
    }

    @Test
    void eraseAndColoursAreFollowed() throws IOException {
        screen.write(ascii("gone\033[2J\033[H\033[1;31mred\033[0m\033[2;3Hx\033[K"));

        assertThat(screen.line(0)).startsWith("red ");
        assertThat(screen.style(0, 0)).isEqualTo(new VirtualScreen.Style(1, true, false));
        assertThat(screen.line(1)).startsWith("  x ");
    }

    @Test
    void thePictureShowsTheTextAndEscapesIt() throws IOException {
        screen.write(ascii("a<b & c"));

        assertThat(SvgPicture.of(screen, "hartbeat"))
                .startsWith("<svg ")
                .contains(">a&lt;b &amp; c</text>", ">hartbeat</text>")
                .endsWith("</svg>\n");
    }

    @Test
    void ctrlAIsACommandAndTwiceIsAByteForTheGuest() {
        List<String> guest = new ArrayList<>();
        List<Character> commands = new ArrayList<>();
        EscapeKeys keys = new EscapeKeys(
                bytes -> guest.add(new String(bytes, StandardCharsets.US_ASCII)), key -> commands.add((char) key));

        byte[] typed = ascii("ls\001\001\001Kpwd\001");
        keys.typed(typed, typed.length);
        keys.typed(ascii("x"), 1);

        assertThat(guest).containsExactly("ls\001", "pwd");
        assertThat(commands).containsExactly('k', 'x');
    }
}
