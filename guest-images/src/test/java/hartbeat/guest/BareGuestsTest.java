package hartbeat.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The committed guests are what the sources say. */
class BareGuestsTest {
    private static final Path ROOM = Path.of(System.getProperty("hartbeat.root"), "guest-images", "bare");

    /** The distribution's compiler that built the committed guests; another one may rightly give other bytes. */
    private static final String COMPILER = "12.2.0-14+deb12u1+11+b2";

    @TempDir
    Path folder;

    @Test
    void everyGuestIsAnElfForRv32EnteredAtItsPlace() {
        assertThat(BareGuests.all()).hasSizeGreaterThan(10).allSatisfy(guest -> {
            ByteBuffer elf = ByteBuffer.wrap(guest.elf()).order(ByteOrder.LITTLE_ENDIAN);
            assertThat(elf.getInt(0)).isEqualTo(0x464c457f);
            assertThat(elf.get(4)).as("32-bit class").isEqualTo((byte) 1);
            assertThat(elf.getShort(18)).as("RISC-V").isEqualTo((short) 243);
            assertThat(elf.getInt(24)).isEqualTo(guest.start() == BareGuest.Start.MACHINE ? 0x80000000 : 0x80400000);
        });
    }

    @Test
    void anUnknownNameIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> BareGuests.named("nonsense"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("hello")
                .hasMessageContaining("nonsense");
    }

    @Test
    void theGuestsAreFresh() throws IOException, InterruptedException {
        String compiler = Programs.output("riscv64-unknown-elf-gcc", "--version");
        if (compiler.isEmpty()) {
            System.err.println(
                    "BareGuestsTest: NOT CHECKED that the bare guests are built from their sources, for lack of a"
                            + " compiler; hint: apt-get install gcc-riscv64-unknown-elf");
            return;
        }
        String printed = Programs.output(ROOM.resolve("build").toString(), folder.toString());
        assertThat(folder.resolve("index.txt"))
                .as("guest-images/bare/build printed: %s", printed)
                .exists();
        if (!compiler.contains(COMPILER)) {
            System.err.println(
                    "BareGuestsTest: NOT CHECKED byte for byte that the bare guests are built from their sources:"
                            + " compiler expected=" + COMPILER + ", actual="
                            + compiler.lines().findFirst().orElse(""));
            return;
        }
        String hint = "a bare guest is stale: run guest-images/bare/build and commit what it makes";
        assertThat(folder.resolve("index.txt"))
                .as(hint)
                .hasContent(new String(BareGuest.resource("index.txt"), StandardCharsets.UTF_8));
        for (BareGuest guest : BareGuests.all()) {
            assertThat(Files.readAllBytes(folder.resolve(guest.name() + ".elf")))
                    .as("%s: %s", guest.name(), hint)
                    .isEqualTo(guest.elf());
        }
    }
}
