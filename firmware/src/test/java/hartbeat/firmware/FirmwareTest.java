package hartbeat.firmware;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The committed image is what the sources say. */
class FirmwareTest {
    private static final Path ROOM = Path.of(System.getProperty("hartbeat.root"), "firmware");

    /** The distribution's compiler that built the committed image; another one may rightly give other bytes. */
    private static final String COMPILER = "12.2.0-14+deb12u1+11+b2";

    @TempDir
    Path folder;

    @Test
    void theImageFitsWhatItReserves() {
        assertThat(Firmware.image().length).isBetween(1024, 8 * 1024);
        assertThat(Firmware.RESERVED_BYTES).isGreaterThanOrEqualTo(8 * 1024 + Firmware.MAX_HARTS * 2048);
    }

    @Test
    void twoCopiesAreNotShared() {
        byte[] image = Firmware.image();
        Arrays.fill(image, (byte) 0);
        assertThat(Firmware.image()).isNotEqualTo(image);
    }

    @Test
    void theImageIsFresh() throws IOException, InterruptedException {
        String compiler = compilerVersion();
        if (compiler.isEmpty()) {
            System.err.println("FirmwareTest: NOT CHECKED that firmware.bin is built from its sources, for lack of a"
                    + " compiler; hint: apt-get install gcc-riscv64-unknown-elf");
            return;
        }
        String output = run(ROOM.resolve("build").toString(), folder.toString());
        Path rebuilt = folder.resolve("firmware.bin");
        assertThat(rebuilt).as("firmware/build printed: %s", output).exists();
        if (compiler.contains(COMPILER)) {
            assertThat(Files.readAllBytes(rebuilt))
                    .as("firmware.bin is stale: run firmware/build and commit the image")
                    .isEqualTo(Firmware.image());
        } else {
            System.err.println(
                    "FirmwareTest: NOT CHECKED byte for byte that firmware.bin is built from its sources: compiler"
                            + " expected=" + COMPILER + ", actual="
                            + compiler.lines().findFirst().orElse(""));
        }
    }

    private static String compilerVersion() throws InterruptedException {
        try {
            return run("riscv64-unknown-elf-gcc", "--version");
        } catch (IOException e) {
            return "";
        }
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s printed: %s", command[0], output).isZero();
        return output;
    }
}
