package hartbeat.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.tools.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files, ports and peers that cannot be used: one clear line with a hint, exit code 1, nothing half-written. */
final class BadInputTest {
    private static final int ELF_MACHINE = 18;
    private static final int EM_AARCH64 = 183;

    @TempDir
    Path directory;

    private Path kernel;

    @BeforeEach
    void makeKernel() throws IOException {
        kernel = directory.resolve("hello.elf");
        try (InputStream elf = BadInputTest.class.getResourceAsStream("/hartbeat/guest/bare/hello.elf")) {
            Files.write(kernel, Objects.requireNonNull(elf).readAllBytes());
        }
    }

    private static void refused(Typed typed, String... words) {
        assertThat(typed.exitCode()).as(typed.err()).isEqualTo(ExitCode.FAILED);
        assertThat(typed.err().lines())
                .singleElement()
                .asString()
                .startsWith("hartbeat: ")
                .contains(words);
        assertThat(typed.err()).doesNotContain("Exception", "internal error");
    }

    private Typed run(String... more) {
        String[] first = {"run", "--bios", "none", "--kernel", kernel.toString()};
        String[] all = Arrays.copyOf(first, first.length + more.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return Typed.line(all);
    }

    private Path file(String name, byte[] content) throws IOException {
        return Files.write(directory.resolve(name), content);
    }

    @Test
    void missingKernel() {
        refused(Typed.line("run", "--kernel", directory.resolve("none").toString()), "no such kernel", "hint");
    }

    @Test
    void kernelIsADirectory() {
        refused(Typed.line("run", "--kernel", directory.toString()), "is a directory");
    }

    @Test
    void kernelOfAnotherArchitecture() throws IOException {
        byte[] elf = Files.readAllBytes(kernel);
        elf[ELF_MACHINE] = (byte) EM_AARCH64;
        refused(Typed.line("run", "--kernel", file("arm.elf", elf).toString()), "arm64");
    }

    @Test
    void kernelThatIsNoKernel() throws IOException {
        refused(
                Typed.line(
                        "run",
                        "--kernel",
                        file("text", "hello".getBytes(StandardCharsets.US_ASCII))
                                .toString()),
                "kernel");
    }

    @Test
    void truncatedInitrd() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(new byte[100_000]);
        }
        byte[] whole = packed.toByteArray();
        Path cut = file("initrd.gz", Arrays.copyOf(whole, whole.length / 2));
        refused(run("--initrd", cut.toString()), "initrd", "cut off");
    }

    @Test
    void diskThatIsNoMultipleOfASector() throws IOException {
        refused(run("--drive", "file=" + file("disk.img", new byte[1000])), "512", "truncate");
    }

    @Test
    void missingDisk() {
        refused(run("--drive", "file=" + directory.resolve("none.img")), "does not exist", "hint");
    }

    @Test
    void twoDisksOfOneId() throws IOException {
        Path one = file("one.img", new byte[512]);
        Path two = file("two.img", new byte[512]);
        Typed typed = run("--drive", "file=" + one + ",id=data", "--drive", "file=" + two + ",id=data");
        assertThat(typed.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(typed.err()).contains("two disks have the id data");
    }

    private Typed primary(Path arbiter, String listen) {
        return Typed.line(
                "primary",
                "--bios",
                "none",
                "--kernel",
                kernel.toString(),
                "--arbiter",
                "dir:" + arbiter,
                "--listen",
                listen);
    }

    @Test
    void portInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            refused(
                    primary(directory.resolve("arbiter"), "127.0.0.1:" + taken.getLocalPort()),
                    "cannot listen",
                    "another port");
        }
    }

    @Test
    void arbiterThatCannotBeADirectory() {
        refused(primary(kernel.resolve("arbiter"), "127.0.0.1:0"), "arbiter", "hint");
    }

    @Test
    void arbiterOnStorageThatIsNotMounted() {
        Path missing = directory.resolve("not-mounted");
        refused(primary(missing.resolve("vm1"), "127.0.0.1:0"), "there is no directory " + missing, "hint");
        assertThat(missing).doesNotExist();
    }

    @Test
    void aBackupMakesNoArbiter() throws IOException {
        Path missing = directory.resolve("mistyped");
        try (ServerSocket primary = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + primary.getLocalPort();
            refused(
                    Typed.line("backup", "--arbiter", "dir:" + missing, "--connect", address),
                    "no such directory",
                    "hint");
            assertThat(missing).doesNotExist();
            refused(
                    Typed.line("backup", "--arbiter", "dir:" + directory, "--connect", address),
                    "no primary has used",
                    "hint");
        }
        assertThat(directory.resolve("secret")).doesNotExist();
    }

    @Test
    void figuresThatCannotBeWrittenAreRefusedBeforeTheWork() {
        String json = directory.resolve("none/figures.json").toString();
        refused(run("--json", json), "--json", "no such directory", "mkdir");
        refused(Typed.line("demo", "--unattended", "--json", json), "--json", "no such directory");
        refused(Typed.line("demo", "--screenshot", directory.toString()), "--screenshot", "is a directory");
    }

    @Test
    void backupWithoutAPrimary() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        refused(
                Typed.line(
                        "backup",
                        "--arbiter",
                        "dir:" + directory.resolve("arbiter"),
                        "--connect",
                        "127.0.0.1:" + free,
                        "--wait",
                        "0"),
                "no primary answers",
                "hint");
    }

    @Test
    void consoleWithoutASwitch() {
        refused(Typed.line("console", "unix:" + directory.resolve("none.sock")), "no switch answers", "hint");
    }

    @Test
    void switchSocketInADirectoryThatIsNotThere() {
        refused(Typed.line("switch", "--listen", "unix:" + directory.resolve("none/lan.sock")), "cannot listen");
    }

    @Test
    void logThatIsNone() throws IOException {
        Path text = file("run.log", "this is no log at all, but long enough".getBytes(StandardCharsets.US_ASCII));
        refused(Typed.line("log", text.toString()), "no Hartbeat log");
        refused(Typed.line("run", "--replay", text.toString()), "no Hartbeat log");
    }

    @Test
    void missingLog() {
        refused(Typed.line("log", directory.resolve("none.log").toString()), "no such file");
    }

    @Test
    void recordingThatCannotBeWritten() {
        refused(
                run("--record", directory.resolve("none/run.log").toString()),
                "cannot write",
                "no such file or directory");
    }

    @Test
    void recordingOverAFileThatIsNone() throws IOException {
        Path letter = file("letter.txt", "Dear Sir or Madam, this is no log".getBytes(StandardCharsets.US_ASCII));
        refused(run("--record", letter.toString()), "exists and is no Hartbeat log", "hint");
        assertThat(letter).content().startsWith("Dear Sir");
        refused(run("--record", "/proc/self/fd/1"), "standard output", "hint");
    }

    @Test
    void deviceTreeThatCannotBeWritten() {
        refused(run("--dumpdtb", directory.resolve("none/x.dtb").toString()), "--dumpdtb", "no such directory");
    }

    @Test
    void deviceTreeNeedsNoGuest() throws IOException {
        String root = System.getProperty("hartbeat.root");
        System.setProperty("hartbeat.root", directory.toString());
        try {
            Path tree = directory.resolve("virt.dtb");
            Typed typed = Typed.line("run", "--dumpdtb", tree.toString());
            assertThat(typed.exitCode()).as(typed.err()).isEqualTo(ExitCode.DONE);
            assertThat(Files.readAllBytes(tree)).startsWith(0xd0, 0x0d, 0xfe, 0xed);
        } finally {
            System.setProperty("hartbeat.root", root);
        }
    }

    @Test
    void addressOfAnotherHost() {
        refused(Typed.line("switch", "--listen", "tcp:192.0.2.1:4020"), "cannot listen", "address of this host");
        refused(primary(directory.resolve("arbiter"), "192.0.2.1:4020"), "cannot listen", "address of this host");
    }

    @Test
    void missingProgramOfASimulation() {
        refused(Typed.line("simulate", "--kernel", directory.resolve("none").toString()), "no such file");
    }

    @Test
    void aRefusedStartLeavesNothingBehind() throws IOException {
        refused(run("--record", directory.resolve("run.log").toString(), "--drive", "file=none.img"), "does not exist");
        assertThat(directory.resolve("run.log")).doesNotExist();
    }
}
