package hartbeat.tools.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServiceGuestTest {
    @TempDir
    Path directory;

    private List<String> violations(boolean whole, int typed, String... parts) throws IOException {
        return new ServiceGuest(directory).consoleViolations(List.of(parts), whole, typed);
    }

    @Test
    void aWholeConsoleIsGood() throws IOException {
        assertThat(violations(true, 3, "ready\nt 8\nr 1\nk 2\nr 2\nt 16\nk 1\nbye\n"))
                .isEmpty();
    }

    /** The switch is killed in the midst of a line: its head is no number of its own, and its tail no line. */
    @Test
    void aLineIsCutWhereOneSwitchEndedAndAnotherBegan() throws IOException {
        assertThat(violations(false, 1, "ready\nr 11\nr 12\nr 1", "3\nr 14\nbye\n"))
                .isEmpty();
        assertThat(violations(false, 1, "ready\nr 4\nr", " 5\nr 6\nbye\n")).isEmpty();
        assertThat(violations(false, 1, "ready\nr 4\n", "r 5\nr 6\nbye\n")).isEmpty();
        assertThat(violations(false, 1, "rea", "dy\nr", " 1\nbye\n")).isEmpty();
    }

    @Test
    void whatIsWrongElsewhereIsFound() throws IOException {
        assertThat(violations(false, 1, "ready\nr 12\nr 1\n", "r 14\nbye\n"))
                .containsExactly("console: answer 1 came after 12");
        assertThat(violations(false, 1, "ready\nr\nr 4\n", "r 5\nbye\n")).containsExactly("console: garbled line: r");
        assertThat(violations(true, 0, "ready\nt 8\nt 24\nbye\n")).containsExactly("console: tick 24 came after 8");
        assertThat(violations(true, 0, "ready\nr 1\nr 3\nbye\n")).containsExactly("console: answer 3 came after 1");
        assertThat(violations(true, 2, "ready\nk 1\nbye\n"))
                .containsExactly("console: expected=2 typed bytes, actual=1");
        assertThat(violations(true, 0, "ready\nt 8\nby")).contains("console: expected=bye at the end");
    }
}
