package hartbeat.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.tools.ExitCode;
import hartbeat.tools.Main;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

final class CommandLineTest {
    @ParameterizedTest
    @ValueSource(strings = {"demo", "run", "primary", "backup", "switch", "console", "log", "guest", "test"})
    void everyCommandHasHelpWithExamples(String command) {
        Typed typed = Typed.line(command, "--help");

        assertThat(typed.exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(typed.out()).contains("Usage: hartbeat " + command, "Examples:", "./hartbeat " + command);
        assertThat(typed.err()).isEmpty();
    }

    @Test
    void theHelpNamesEveryCommandAndTheExitCodes() {
        assertThat(Typed.line("--help").out())
                .contains("demo", "run", "primary", "backup", "switch", "console", "log", "guest", "test")
                .contains("0 done, 1 failed, 2 usage, 3 divergence, 4 fenced");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "fly",
                "runn",
                "run --replay a.log --memory 64M",
                "run --replay a.log --append x",
                "run --replay a.log --drive a.img",
                "run --replay a.log --no-reboot",
                "simulate --seed abc",
                "simulate --hours x",
                "simulate --hours -1",
                "simulate --jobs 0",
                "simulate --strike x",
                "simulate --runs 2 --strike x",
                "simulate --disk-mode tape",
                "switch --listen tcp:127.0.0.1:99999",
                "run --bogus",
                "run --memory 0",
                "run --memory 4G",
                "run --memory lots",
                "run --smp 9",
                "run --smp none",
                "run --virtio old",
                "run --executor fast",
                "run --mac 52:54",
                "run --mac 53:54:00:12:34:56",
                "run --drive format=raw",
                "run --drive file=a.img,format=qcow2",
                "run --drive file=a.img,colour=red",
                "run --drive file=a.img,id=../../x",
                "run --drive file=a.img,readonly=maybe",
                "run --net carrier-pigeon",
                "run --net switch=nowhere",
                "run --net stream,addr.type=unix",
                "run --net stream,addr.type=fax",
                "run --net stream,addr.type=inet,addr.host=h,addr.port=x",
                "run --net passt,forward=80",
                "run --replay a.log --record b.log",
                "run --drive a --drive b --drive c --drive d --drive e --drive f --drive g --drive h",
                "primary --listen 127.0.0.1:7400",
                "primary --arbiter dir:x --listen 127.0.0.1:99999",
                "primary --arbiter dir:x --listen nowhere",
                "primary --arbiter zookeeper:x --listen 127.0.0.1:7400",
                "primary --arbiter dir: --listen 127.0.0.1:7400",
                "primary --arbiter dir:x --listen 127.0.0.1:7400 --net passt",
                "primary --arbiter dir:x --listen 127.0.0.1:7400 --suspect-after 1",
                "backup --arbiter dir:x",
                "backup --arbiter dir:x --connect ::1:7400",
                "backup --arbiter dir:x --connect 127.0.0.1:7400 --wait -1",
                "switch",
                "switch --listen floor:3",
                "switch --listen unix:/tmp/x.sock --forward 127.0.0.1:8080=80",
                "switch --listen unix:/tmp/x.sock --uplink rope",
                "switch --listen unix:/tmp/x.sock --uplink passt --forward nonsense",
                "console",
                "console nowhere",
                "demo --only bankruptcy",
                "demo --repeat 0",
                "log"
            })
    void aWrongCommandLineIsOneLineWithAHintAndExitCode2(String line) {
        Typed typed = Typed.line(line.isEmpty() ? new String[0] : line.split(" "));

        assertThat(typed.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(typed.err().lines().filter(text -> text.startsWith("hartbeat: ")))
                .singleElement()
                .asString()
                .contains("(hint: ");
        assertThat(typed.err()).doesNotContain("\tat ", "Exception", "internal error", "is not a", "Unmatched");
        assertThat(typed.out()).isEmpty();
    }

    /** The arbiter would give it a generation and then not know it as the holder: neither side would ever go live. */
    @Test
    void aNameThatTheArbiterCannotHoldIsRefused() {
        for (String name : List.of("", " a", "a ", "a\nb", "\u00e4", "a/b", "a".repeat(65))) {
            for (String side : List.of("primary --listen", "backup --connect")) {
                List<String> line = new ArrayList<>(List.of(side.split(" ")));
                line.addAll(List.of("127.0.0.1:1", "--arbiter", "dir:x", "--name", name));
                Typed typed = Typed.line(line.toArray(String[]::new));
                assertThat(typed.exitCode()).as("%s: %s", name, typed.err()).isEqualTo(ExitCode.USAGE);
                assertThat(typed.err()).contains("--name: expected=1 to 64 ");
            }
        }
    }

    @Test
    void mistakesAreNamedInOurWords() {
        assertThat(Typed.line("runn").err()).isEqualTo("hartbeat: unknown command: runn (hint: did you mean run?)\n");
        assertThat(Typed.line("run", "--bogus").err()).contains("unknown option: --bogus");
        assertThat(Typed.line("simulate", "--seed", "abc").err())
                .contains("--seed: expected=a whole number, actual=abc");
        assertThat(Typed.line("simulate", "--disk-mode", "tape").err())
                .contains("--disk-mode: expected=replicated or shared, actual=tape");
        assertThat(Typed.line("switch", "--listen", "tcp:127.0.0.1:99999").err())
                .contains("port: expected=0 to 65535, actual=99999");
        assertThat(Typed.line("run", "--replay", "a.log", "-m", "64M").err())
                .contains("--replay and --memory exclude each other");
    }

    @Test
    void aCommandsFirstLineIsAShortSentenceAndExamplesAreNotBroken() {
        String commands = Typed.line("--help").out();
        for (Object command : List.of(
                new DemoCommand(),
                new RunCommand(),
                new PrimaryCommand(),
                new BackupCommand(),
                new SwitchCommand(),
                new ConsoleCommand(),
                new LogCommand(),
                new SimulateCommand(),
                new CrashpointsCommand(),
                new LauncherCommands.Bench(),
                new LauncherCommands.Guest(),
                new LauncherCommands.Test())) {
            CommandSpec spec = new CommandLine(command).getCommandSpec();
            assertThat(spec.usageMessage().description()[0]).endsWith(".").hasSizeLessThan(61);
            assertThat(commands).contains(spec.usageMessage().description()[0] + "\n");
            assertThat(Typed.line(spec.name(), "--help").out())
                    .contains(String.join("\n", spec.usageMessage().footer()));
        }
    }

    @Test
    void theVersionNamesProgramAndJava() {
        assertThat(Typed.line("--version").out())
                .containsPattern("hartbeat \\S.*\n")
                .contains(Runtime.version().toString(), "executor ");
    }

    @Test
    void outputThatCannotBeWrittenIsAFailure() {
        StringWriter err = new StringWriter();
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        int exitCode = Main.execute(
                new String[] {"help"}, new PrintWriter(full, false, StandardCharsets.UTF_8), new PrintWriter(err));
        assertThat(exitCode).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString().lines()).singleElement().asString().contains("standard output", "hint");
    }

    @Test
    void quotedCommasBelongToAFileName() {
        assertThat(DriveOption.parse("file=a,,b.img,readonly=on,id=data", 0).file())
                .hasToString("a,b.img");
    }

    @Test
    void aBareFileNameIsADrive() {
        DriveOption drive = DriveOption.parse("disk.img,format=raw", 3);

        assertThat(drive.file()).hasToString("disk.img");
        assertThat(drive.id()).isEqualTo("disk3");
        assertThat(drive.readOnly()).isFalse();
    }

    @Test
    void sizesAreReadAsQemuReadsThem() {
        assertThat(Sizes.memory("128M")).isEqualTo(128L << 20);
        assertThat(Sizes.memory("64")).isEqualTo(64L << 20);
        assertThat(Sizes.memory("1g")).isEqualTo(1L << 30);
        assertThat(Sizes.memory("65536K")).isEqualTo(64L << 20);
    }
}
