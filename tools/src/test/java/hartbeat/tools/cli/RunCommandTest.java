package hartbeat.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.tools.ExitCode;
import hartbeat.tools.process.OwnCommand;
import hartbeat.tools.text.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs of bare-metal programs, each a process of its own as a user starts it. */
final class RunCommandTest {
    @TempDir
    Path directory;

    private record Run(int exitCode, String out, String err) {}

    private Run hartbeat(String input, String... arguments) throws IOException, InterruptedException {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        Path in = Files.writeString(directory.resolve("in"), input);
        Process process = new ProcessBuilder(OwnCommand.of(List.of(arguments)))
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        int exitCode = process.waitFor();
        return new Run(
                exitCode,
                Files.readString(out, StandardCharsets.ISO_8859_1),
                Files.readString(err, StandardCharsets.ISO_8859_1));
    }

    private Run run(String guest, String input, String... more) throws IOException, InterruptedException {
        Path kernel = directory.resolve(guest + ".elf");
        try (InputStream elf = RunCommandTest.class.getResourceAsStream("/hartbeat/guest/bare/" + guest + ".elf")) {
            Files.write(kernel, Objects.requireNonNull(elf).readAllBytes());
        }
        List<String> arguments = new ArrayList<>(List.of("run", "--bios", "none", "--kernel", kernel.toString()));
        arguments.addAll(List.of(more));
        return hartbeat(input, arguments.toArray(String[]::new));
    }

    @Test
    void aBareProgramPrintsAndEndsWithZero() throws Exception {
        Path figures = directory.resolve("figures.json");
        Run run = run("hello", "", "--json", figures.toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(run.out()).isEqualTo("hello from a bare guest\n");
        assertThat(run.err()).isEmpty();
        assertThat(Json.parseObject(Files.readString(figures)))
                .containsEntry("exitCode", 0L)
                .containsKeys("instructions", "seconds", "mips", "reason");
    }

    @Test
    void anInitrdOfNoKnownFormatIsNamedAndGivenToTheGuest() throws Exception {
        Path junk = Files.writeString(directory.resolve("junk"), "no archive at all");
        Run run = run("hello", "", "--initrd", junk.toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(run.err().lines()).singleElement().asString().contains("initrd: it is of no known format", "hint");
    }

    @Test
    void aGuestsFailureNamesItsTest() throws Exception {
        // Without a disk the program fails its first test.
        Run run = run("blk", "");

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .startsWith("hartbeat: ")
                .containsPattern("\\d+");
    }

    @Test
    void aRecordingIsReplayedToTheSameEnd() throws Exception {
        Path log = directory.resolve("run.log");
        Run recorded = run("timer", "", "--record", log.toString());
        assertThat(recorded.exitCode()).as(recorded.err()).isEqualTo(ExitCode.DONE);

        Run replayed = hartbeat("", "run", "--replay", log.toString());
        assertThat(replayed.exitCode()).as(replayed.err()).isEqualTo(ExitCode.DONE);
        assertThat(replayed.out()).isEqualTo(recorded.out()).contains("tick 10");
        assertThat(replayed.err()).contains("digests equal");

        assertThat(hartbeat("", "log", log.toString()).out()).contains("time ", "digest ", "end ");
    }

    @Test
    void aRecordingThatWasCutIsGoodUpToThereAndOneWithMoreBehindItIsRefused() throws Exception {
        Path log = directory.resolve("run.log");
        assertThat(run("timer", "", "--record", log.toString()).exitCode()).isEqualTo(ExitCode.DONE);
        byte[] whole = Files.readAllBytes(log);
        Run header = hartbeat("", "log", "--header", log.toString());
        assertThat(header.out()).contains("memory          131072 KiB", "harts           1", "timer.elf");

        Files.write(log, Arrays.copyOf(whole, whole.length - 3));
        for (Run cut : List.of(hartbeat("", "log", log.toString()), hartbeat("", "run", "--replay", log.toString()))) {
            assertThat(cut.exitCode()).as(cut.err()).isEqualTo(ExitCode.DONE);
            assertThat(cut.err()).contains("the recording is unfinished: it is cut off after entry ");
        }
        byte[] twice = Arrays.copyOf(whole, 2 * whole.length);
        System.arraycopy(whole, 0, twice, whole.length, whole.length);
        for (byte[] longer : List.of(twice, Arrays.copyOf(whole, whole.length + 3))) {
            Files.write(log, longer);
            for (Run more :
                    List.of(hartbeat("", "log", log.toString()), hartbeat("", "run", "--replay", log.toString()))) {
                assertThat(more.exitCode()).as(more.err()).isEqualTo(ExitCode.FAILED);
                assertThat(more.err().lines())
                        .last()
                        .asString()
                        .contains("something follows the end of the recording", "hint");
            }
        }
    }

    @Test
    void aReplayWithAnotherKernelIsRefused() throws Exception {
        Path log = directory.resolve("run.log");
        assertThat(run("hello", "", "--record", log.toString()).exitCode()).isEqualTo(ExitCode.DONE);
        Files.copy(
                Objects.requireNonNull(RunCommandTest.class.getResourceAsStream("/hartbeat/guest/bare/timer.elf")),
                directory.resolve("hello.elf"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        Run replayed = hartbeat("", "run", "--replay", log.toString());
        assertThat(replayed.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(replayed.err()).contains("machine configuration: expected=", "hint");
    }

    @Test
    void theDeviceTreeIsWritten() throws Exception {
        Path tree = directory.resolve("virt.dtb");
        assertThat(run("hello", "", "--dumpdtb", tree.toString()).exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(Files.readAllBytes(tree)).startsWith(0xd0, 0x0d, 0xfe, 0xed);
    }
}
