package hartbeat.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.tools.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        assertThat(typed.err()).doesNotContain("\tat ", "Exception");
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
