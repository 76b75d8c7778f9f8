package hartbeat.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class UserLogTest {
    private final PrintStream err = System.err;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    UserLogTest() {
        System.setErr(new PrintStream(said, true, UTF_8));
    }

    @AfterEach
    void restore() {
        System.setErr(err);
    }

    @Test
    void whatThePartsSayIsALineForTheUser() {
        System.Logger part = System.getLogger("part.of.the.program");
        part.log(Level.DEBUG, "nobody wants to know");
        part.log(Level.INFO, "it's plain");
        part.log(Level.WARNING, "{0} dropped: {1}", "link", "too long");
        part.log(Level.ERROR, "it failed", new IllegalStateException("why"));
        part.log(Level.ERROR, "a {0,broken} one", "link");
        part.log(Level.ERROR, "it's whole", "unused");
        assertThat(said.toString(UTF_8).lines())
                .containsExactly(
                        "hartbeat: it's plain",
                        "hartbeat: link dropped: too long",
                        "hartbeat: it failed: java.lang.IllegalStateException: why",
                        "hartbeat: a {0,broken} one",
                        "hartbeat: it's whole");
    }

    @Test
    void quietPartsSayNothing() {
        UserLog.quiet("quiet.part");
        System.getLogger("quiet.part.of.it").log(Level.ERROR, "an injected fault");
        System.getLogger("other.part").log(Level.ERROR, "a fault");
        assertThat(said.toString(UTF_8)).isEqualToIgnoringNewLines("hartbeat: a fault");
    }
}
