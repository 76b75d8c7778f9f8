package hartbeat.guest;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.firmware.Firmware;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Guests and firmware hold on a machine that is not ours. */
class QemuTest {
    private static final String QEMU = "qemu-system-riscv32";
    private static final int TIMEOUT_SECONDS = 120;
    private static final int DISK_BYTES = 1 << 20;

    /** Rules that QEMU 7.2 does not keep, and how; our machine does. */
    private static final Map<String, String> QEMU_DIFFERS = Map.ofEntries(
            Map.entry("isa/atomics-must-be-aligned", "reports the load of a misaligned AMO"),
            Map.entry("isa/ecall-does-not-retire", "counts it"),
            Map.entry("isa/envcfg-reserved-fields", "lets reserved bits stick"),
            Map.entry("isa/interrupt-priority", "takes the lowest number first"),
            Map.entry("isa/interrupt-priority-in-s", "takes the lowest number first"),
            Map.entry("isa/mcountinhibit-has-no-bit-for-time", "lets that bit stick"),
            Map.entry("isa/medeleg-has-no-ecall-from-m", "lets the bit stick"),
            Map.entry("isa/menvcfg.STCE", "does not compare again when it comes back"),
            Map.entry("isa/mepc-is-even", "keeps bit 0"),
            Map.entry("isa/mhpmcounters-exist", "has fewer"),
            Map.entry("isa/mie-writable-bits", "lets bits of no interrupt stick"),
            Map.entry("isa/minstret-carries", "counts otherwise around a write"),
            Map.entry("isa/minstret-write-replaces-the-increment", "counts otherwise around a write"),
            Map.entry("isa/mip-reserved-bits", "lets bits of no interrupt stick"),
            Map.entry("isa/MPRV-falls-on-return", "leaves MPRV set"),
            Map.entry("isa/mstatus.MPP-is-legal", "keeps mode 2"),
            Map.entry("isa/pmp-34-bit-addresses", "takes a place 4 GB above for the one below"),
            Map.entry("isa/pmp-amo", "reports the load of an AMO"),
            Map.entry("isa/pmp-nothing-matches", "makes MRET itself illegal"),
            Map.entry("isa/pmp-page-table-update", "sets A without asking PMP"),
            Map.entry("isa/pmp-reserved-bits", "keeps them"),
            Map.entry("isa/pmp-write-without-read-is-reserved", "keeps it"),
            Map.entry("isa/sv32-34-bit-page", "reports no access fault 4 GB above RAM"),
            Map.entry("isa/sv32-34-bit-table", "reports no access fault 4 GB above RAM"),
            Map.entry("isa/sv32-amo", "reports the load of an AMO where nothing is mapped"),
            Map.entry("isa/sv32-root-in-nothing", "reports a page fault"));

    @TempDir
    Path folder;

    /** One run: what is given to QEMU beside the guest, what is typed, and what the guest must print. */
    private record Run(String guest, String typed, String printed, String... options) {
        String title() {
            return guest + (options.length == 0 ? "" : " " + String.join(" ", options));
        }
    }

    @TestFactory
    Stream<DynamicTest> guestsPass() throws InterruptedException {
        if (Programs.output(QEMU, "--version").isEmpty()) {
            System.err.println(
                    "QemuTest: NOT CHECKED that the bare guests and the firmware run under QEMU, for lack of it;"
                            + " hint: apt-get install qemu-system-misc");
            return Stream.of();
        }
        return Stream.concat(
                        runs(),
                        BareGuests.isa().stream()
                                .filter(guest -> !QEMU_DIFFERS.containsKey(guest.name()))
                                // Only a QEMU that counts instructions counts them exactly.
                                .map(guest -> new Run(guest.name(), "", "", "-icount", "shift=0")))
                .map(run -> DynamicTest.dynamicTest(run.title(), () -> pass(run)));
    }

    @Test
    void whatQemuDoesDifferentlyIsAProgramOfOurs() {
        assertThat(QEMU_DIFFERS.keySet())
                .allSatisfy(name -> assertThat(BareGuests.named(name).elf()).isNotEmpty());
    }

    private static Stream<Run> runs() {
        String modern = "virtio-mmio.force-legacy=off";
        String legacy = "virtio-mmio.force-legacy=on";
        return Stream.of(
                new Run("hello", "", "hello from a bare guest"),
                new Run("timer", "", "tick 10"),
                new Run("console-echo", "abc\nquit\n", "echo: abc"),
                new Run("fault", "", "every trap is as it should be"),
                new Run("sv32", "", "Sv32 holds"),
                new Run("smp", "", "4 harts", "-smp", "4"),
                new Run("user", "", "the program has ended"),
                new Run("blk", "", "id=bare-disk", "-global", modern),
                new Run("blk", "", "id=bare-disk", "-global", legacy),
                new Run("rng", "", "entropy:", "-global", modern),
                new Run("rng", "", "entropy:", "-global", legacy),
                new Run("counter", "", "round 3:", "-append", "rounds=3"),
                new Run("sbi", "", "1 harts, all calls hold"),
                new Run("sbi", "", "4 harts, all calls hold", "-smp", "4"),
                new Run("sbi", "", "2 harts, all calls hold", "-smp", "2", "-cpu", "rv32,sstc=false"),
                new Run("sbi-shutdown", "", ""));
    }

    private void pass(Run run) throws IOException, InterruptedException {
        Process qemu =
                new ProcessBuilder(command(run)).redirectErrorStream(true).start();
        CompletableFuture.delayedExecutor(TIMEOUT_SECONDS, SECONDS).execute(qemu::destroyForcibly);
        StringBuilder printed = new StringBuilder();
        try (InputStream screen = qemu.getInputStream();
                OutputStream keyboard = qemu.getOutputStream()) {
            // A guest that reads says first that it is ready: what is typed earlier may be lost when it resets the
            // UART.
            for (int c; (c = screen.read()) >= 0; ) {
                printed.append((char) c);
                if (!run.typed().isEmpty() && printed.toString().equals("ready\n")) {
                    keyboard.write(run.typed().getBytes(StandardCharsets.US_ASCII));
                    keyboard.flush();
                }
            }
            assertThat(qemu.waitFor())
                    .as("%s printed: %s", run.title(), printed)
                    .isZero();
        } finally {
            qemu.destroyForcibly();
        }
        assertThat(printed.toString()).contains(run.printed());
    }

    private List<String> command(Run run) throws IOException {
        BareGuest guest = BareGuests.named(run.guest());
        Path kernel = Files.write(folder.resolve("guest.elf"), guest.elf());
        Path disk = Files.write(folder.resolve("disk"), new byte[DISK_BYTES]);
        String bios = guest.start() == BareGuest.Start.MACHINE
                ? "none"
                : Files.write(folder.resolve("firmware.bin"), Firmware.image()).toString();
        List<String> command = new ArrayList<>(List.of(QEMU, "-M", "virt", "-display", "none", "-monitor", "none"));
        command.addAll(List.of("-serial", "stdio", "-bios", bios, "-kernel", kernel.toString()));
        command.addAll(List.of("-drive", "file=" + disk + ",format=raw,if=none,id=d"));
        command.addAll(List.of("-device", "virtio-blk-device,drive=d,serial=bare-disk"));
        command.addAll(List.of("-device", "virtio-rng-device"));
        command.addAll(List.of(run.options()));
        return command;
    }
}
