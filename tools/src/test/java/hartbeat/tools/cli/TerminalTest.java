package hartbeat.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.tools.ExitCode;
import hartbeat.tools.process.OwnCommand;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands on a terminal: they end without a further key, whoever ends them. */
@Timeout(120)
final class TerminalTest {
    private static final int SIGTERM_EXIT_CODE = 128 + 15;

    @TempDir
    Path directory;

    private Pty run(String term, String guest) throws IOException {
        Path kernel = directory.resolve(guest + ".elf");
        try (InputStream elf = TerminalTest.class.getResourceAsStream("/hartbeat/guest/bare/" + guest + ".elf")) {
            Files.write(kernel, Objects.requireNonNull(elf).readAllBytes());
        }
        return Pty.start(term, List.of("run", "--bios", "none", "--kernel", kernel.toString()));
    }

    @Test
    void theGuestsPowerOffEndsIt() throws Exception {
        try (Pty terminal = run("xterm", "hello")) {
            assertThat(terminal.end()).isEqualTo(ExitCode.DONE);
            assertThat(terminal.shown()).contains("hello from a bare guest");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"xterm", "xterm-256color", "dumb", ""})
    void keysReachUsAndTheGuestAndCtrlAXEndsIt(String term) throws Exception {
        try (Pty terminal = run(term, "console-echo")) {
            terminal.await("ready");
            terminal.type("ab\003c\n");
            terminal.await("echo: ab\003c");
            terminal.type("\001h");
            terminal.await("Ctrl-A x: exit");
            terminal.type("\001x");
            assertThat(terminal.end()).isEqualTo(ExitCode.DONE);
            assertThat(terminal.shown().contains("\033")).isEqualTo(term.startsWith("xterm"));
        }
    }

    @Test
    void theMonitorAnswersAndItsQuitEndsIt() throws Exception {
        try (Pty terminal = run("xterm", "console-echo")) {
            terminal.await("ready");
            terminal.type("\001c");
            terminal.await("(hartbeat) ");
            terminal.type("statux\177s\n");
            terminal.await("icount ");
            terminal.type("quit\n");
            assertThat(terminal.end()).isEqualTo(ExitCode.DONE);
        }
    }

    @Test
    void sigtermEndsItInTheMonitorToo() throws Exception {
        try (Pty terminal = run("xterm", "console-echo")) {
            terminal.await("ready");
            terminal.type("\001c");
            terminal.await("(hartbeat) ");
            terminal.process().destroy();
            assertThat(terminal.end()).isEqualTo(SIGTERM_EXIT_CODE);
        }
    }

    @Test
    void sigtermEndsIt() throws Exception {
        try (Pty terminal = run("xterm", "console-echo")) {
            terminal.await("ready");
            terminal.process().destroy();
            assertThat(terminal.end()).isEqualTo(SIGTERM_EXIT_CODE);
        }
    }

    @Test
    void aConsoleAtASwitchIsLeftWithCtrlAX() throws Exception {
        String address = "unix:" + directory.resolve("lan.sock");
        Process lan = new ProcessBuilder(OwnCommand.of(List.of("switch", "--listen", address))).start();
        try {
            assertThat(lan.errorReader().readLine()).contains("switch listens on");
            try (Pty terminal = Pty.start("xterm", List.of("console", address))) {
                terminal.type("\001h");
                terminal.await("Ctrl-A x: leave");
                terminal.type("\001x");
                assertThat(terminal.end()).isEqualTo(ExitCode.DONE);
            }
        } finally {
            lan.destroy();
            lan.waitFor();
        }
    }
}
