package hartbeat.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.devices.host.disk.DiskStamp;
import hartbeat.tools.ExitCode;
import hartbeat.tools.process.OwnCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pair leaves behind for the next start: generations at the arbiter, stamps beside the disks; processes as a user starts them. */
final class PairStartTest {
    private static final Pattern PORT = Pattern.compile("\"port\":\\s*(\\d+)");

    @TempDir
    Path directory;

    private Path disk = Path.of("");
    private Path kernel = Path.of("");
    private Path arbiter = Path.of("");
    private final List<Process> processes = new ArrayList<>();

    @BeforeEach
    void files() throws IOException {
        disk = Files.write(directory.resolve("disk.img"), new byte[1 << 16]);
        kernel = guest("hello.elf");
        arbiter = directory.resolve("arbiter");
    }

    private Path guest(String name) throws IOException {
        try (InputStream elf = PairStartTest.class.getResourceAsStream("/hartbeat/guest/bare/" + name)) {
            return Files.write(
                    directory.resolve(name), Objects.requireNonNull(elf).readAllBytes());
        }
    }

    @AfterEach
    void endAll() {
        processes.forEach(Process::destroyForcibly);
    }

    private Process start(String... arguments) throws IOException {
        Process process = new ProcessBuilder(OwnCommand.of(List.of(arguments)))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        processes.add(process);
        return process;
    }

    private Process primary() throws IOException {
        return start(
                "primary",
                "--bios",
                "none",
                "--kernel",
                kernel.toString(),
                "--drive",
                disk.toString(),
                "--listen",
                "127.0.0.1:0",
                "--arbiter",
                "dir:" + arbiter,
                "--status-json",
                "-");
    }

    private Process backup(String port, String... more) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("backup", "--connect", "127.0.0.1:" + port, "--arbiter", "dir:" + arbiter));
        arguments.addAll(List.of(more));
        return start(arguments.toArray(String[]::new));
    }

    /** The line of that event, or null if the process ended before it. */
    private static String await(BufferedReader lines, String event) throws IOException {
        String line = lines.readLine();
        while (line != null && !line.contains("\"" + event + "\"")) {
            line = lines.readLine();
        }
        return Objects.requireNonNull(line, "ended before: " + event);
    }

    private static String port(BufferedReader lines) throws IOException {
        Matcher port = PORT.matcher(await(lines, "listening"));
        assertThat(port.find()).isTrue();
        return port.group(1);
    }

    private static BufferedReader lines(Process process) {
        return process.inputReader(StandardCharsets.UTF_8);
    }

    @Test
    void aPrimaryThatNobodyJoinedTakesNoGeneration() throws Exception {
        Process waiting = primary();
        String unused = port(lines(waiting));
        waiting.destroyForcibly().waitFor();
        assertThat(arbiter.resolve("generation-1")).doesNotExist();
        assertThat(DiskStamp.pathOf(disk)).doesNotExist();
    }

    /** A backup that has no place for a copy leaves after the claim: the only copy is startable still. */
    @Test
    void theDisksOfAStartThatFailedAreCurrent() throws Exception {
        Process first = primary();
        BufferedReader told = lines(first);
        assertThat(backup(port(told)).waitFor()).isEqualTo(ExitCode.FAILED);
        assertThat(await(told, "notice")).isNotEmpty();
        first.destroyForcibly().waitFor();
        assertThat(arbiter.resolve("generation-1")).exists();
        assertThat(DiskStamp.read(disk).orElseThrow().standing()).isEqualTo(DiskStamp.Standing.LIVE);

        String unused = port(lines(primary()));
    }

    @Test
    void afterACleanEndEitherCopyCanBeStarted() throws Exception {
        Process first = primary();
        BufferedReader told = lines(first);
        Path copies = Files.createDirectory(directory.resolve("copies"));
        Process second = backup(port(told), "--disk-dir", copies.toString());
        assertThat(await(told, "end")).contains("\"exitCode\":0");
        assertThat(first.waitFor()).isEqualTo(ExitCode.DONE);
        assertThat(second.waitFor()).isEqualTo(ExitCode.DONE);

        DiskStamp live = DiskStamp.read(disk).orElseThrow();
        assertThat(live.standing()).isEqualTo(DiskStamp.Standing.LIVE);
        Path copy;
        try (var found = Files.list(copies)) {
            copy = found.filter(file -> file.toString().endsWith(".img"))
                    .findFirst()
                    .orElseThrow();
        }
        assertThat(DiskStamp.read(copy))
                .contains(new DiskStamp(live.machineId(), live.generation(), DiskStamp.Standing.COMPLETE));
        assertThat(copy).hasSameBinaryContentAs(disk);
    }

    /** What lies where a copy is to be may be the only good one. */
    @Test
    void aBackupReplacesNoImageThatNoBackupHasLeft() throws Exception {
        Path copies = Files.createDirectory(directory.resolve("copies"));
        Path image = Files.writeString(copies.resolve("disk0.img"), "a survivor's");
        BufferedReader told = lines(primary());
        String port = port(told);
        assertThat(backup(port, "--disk-dir", copies.toString()).waitFor()).isEqualTo(ExitCode.FAILED);
        new DiskStamp("0".repeat(32), 7, DiskStamp.Standing.LIVE).write(image);
        assertThat(backup(port, "--disk-dir", copies.toString()).waitFor()).isEqualTo(ExitCode.FAILED);
        assertThat(image).hasContent("a survivor's");
    }

    /** Nobody has to guess from a silence that the primary is taken. */
    @Test
    void aSecondBackupIsToldThatThereIsOne() throws Exception {
        kernel = guest("console-echo.elf");
        BufferedReader told = lines(primary());
        String port = port(told);
        Path copies = Files.createDirectory(directory.resolve("copies"));
        Process unused = backup(port, "--disk-dir", copies.toString());
        assertThat(await(told, "protected")).isNotEmpty();

        Typed second = Typed.line("backup", "--connect", "127.0.0.1:" + port, "--arbiter", "dir:" + arbiter);
        assertThat(second.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(second.err()).contains("peer refused: this primary has a backup already");
        assertThat(await(told, "notice"))
                .contains("a peer at 127.0.0.1:", "was refused: this primary has a backup already");
    }
}
