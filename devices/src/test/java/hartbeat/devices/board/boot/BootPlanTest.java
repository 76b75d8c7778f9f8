package hartbeat.devices.board.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.board.MachineId;
import hartbeat.devices.board.RngSeed;
import hartbeat.emulator.memory.GuestMemory;
import hartbeat.firmware.Firmware;
import hartbeat.guest.BareGuests;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class BootPlanTest {
    private static final byte[] NONE = {};

    private static BoardConfig config(long memoryBytes) {
        return new BoardConfig(
                new MachineId(1, 2),
                memoryBytes,
                1,
                BoardConfig.Transport.MODERN,
                List.of(),
                List.of(),
                false,
                false,
                "quiet",
                new RngSeed(1, 2, 3, 4));
    }

    private static BootPlan plan(byte[] bios, byte[] kernel, byte[] initrd) throws BadImageException {
        return BootPlan.of(config(64 << 20), new BootImages(bios, kernel, initrd));
    }

    private static void assertKernelRefused(byte[] kernel, String... said) {
        assertThatThrownBy(() -> plan(Firmware.image(), kernel, NONE))
                .isInstanceOf(BadImageException.class)
                .hasMessageContainingAll(said)
                .hasMessageNotContaining("\n");
    }

    /** A Linux Image header with nothing behind it. */
    private static byte[] image(long textOffset, long imageBytes) {
        ByteBuffer image = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
        image.putLong(8, textOffset).putLong(16, imageBytes);
        image.put(48, "RISCV\0\0\0RSC\5".getBytes(StandardCharsets.ISO_8859_1));
        return image.array();
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    @Test
    void placesKernelInitrdAndTree() throws Exception {
        byte[] initrd = gzip(new byte[10_000]);
        BootPlan plan = plan(Firmware.image(), image(0x40_0000, 0x10_0000), initrd);
        assertThat(plan.entry()).isEqualTo(0x8000_0000L);
        assertThat(plan.tree()).isEqualTo(0x83e0_0000L);
        try (GuestMemory memory = new GuestMemory(64 << 20)) {
            plan.load(memory);
            assertThat(memory.i32(0x8040_0000L + 56)).isEqualTo(0x05435352);
            assertThat(memory.i32(0x8240_0000L) & 0xffff)
                    .as("gzip magic of the initrd")
                    .isEqualTo(0x8b1f);
            assertThat(memory.i32(plan.tree())).as("FDT magic").isEqualTo(0xedfe0dd0);
        }
    }

    @Test
    void foreignKernelsAreRefusedByName() throws Exception {
        assertKernelRefused(image(0x20_0000, 0), "RV64");
        assertKernelRefused(gzip(new byte[100]), "gzip", "decompress");
        assertKernelRefused(new byte[] {(byte) 0xfd, '7', 'z', 'X', 'Z', 0}, "xz", "decompress");
        assertKernelRefused("#!/bin/sh\n".getBytes(StandardCharsets.US_ASCII), "text file");
        assertKernelRefused(new byte[5000], "no known format");
        byte[] arm = new byte[4096];
        System.arraycopy("ARMd".getBytes(StandardCharsets.US_ASCII), 0, arm, 56, 4);
        assertKernelRefused(arm, "arm64");
        byte[] x86 = new byte[4096];
        System.arraycopy("HdrS".getBytes(StandardCharsets.US_ASCII), 0, x86, 0x202, 4);
        assertKernelRefused(x86, "x86");
        byte[] elf64 = BareGuests.named("hello").elf();
        elf64[4] = 2;
        assertKernelRefused(elf64, "64-bit");
        byte[] elfX86 = BareGuests.named("hello").elf();
        elfX86[18] = 62;
        assertKernelRefused(elfX86, "x86-64");
    }

    @Test
    void aMachineModeElfDoesNotGoUnderFirmware() {
        assertThatThrownBy(
                        () -> plan(Firmware.image(), BareGuests.named("hello").elf(), NONE))
                .hasMessageContaining("0x80400000");
    }

    @Test
    void nothingToStartFrom() {
        assertThatThrownBy(() -> plan(NONE, NONE, NONE)).hasMessageContaining("--kernel");
    }

    @Test
    void truncatedInitrdsAreFound() throws Exception {
        byte[] random = new byte[50_000];
        new Random(1).nextBytes(random);
        byte[] whole = gzip(random);
        byte[] kernel = image(0x40_0000, 0);
        plan(Firmware.image(), kernel, whole);
        for (int length : new int[] {whole.length - 1, whole.length - 8, whole.length / 2, 12, 3}) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> plan(Firmware.image(), kernel, cut))
                    .as("%d of %d bytes", length, whole.length)
                    .isInstanceOf(BadImageException.class)
                    .hasMessageStartingWith("initrd");
        }
        byte[] damaged = whole.clone();
        damaged[whole.length / 2] ^= 1;
        assertThatThrownBy(() -> plan(Firmware.image(), kernel, damaged)).isInstanceOf(BadImageException.class);
        byte[] cpio = "070701".getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> plan(Firmware.image(), kernel, cpio)).hasMessageContaining("cpio archive has no end");
    }

    @Test
    void aKernelWithAnEfiStubThatIsCutOffIsFound() throws Exception {
        ByteBuffer image = ByteBuffer.wrap(image(0x40_0000, 0x10_0000)).order(ByteOrder.LITTLE_ENDIAN);
        image.put(0, (byte) 'M').put(1, (byte) 'Z').putInt(60, 64).putInt(64, 0x4550);
        image.putShort(64 + 6, (short) 2).putShort(64 + 20, (short) 16);
        image.putInt(64 + 24 + 16 + 16, 512).putInt(64 + 24 + 16 + 20, 3072);
        image.putInt(64 + 24 + 56 + 16, 1024).putInt(64 + 24 + 56 + 20, 3072);
        plan(Firmware.image(), image.array(), NONE);
        for (int length : new int[] {4095, 2048}) {
            assertKernelRefused(Arrays.copyOf(image.array(), length), "expected=4096", "actual=" + length, "cut off");
        }
        image.putInt(60, 0x7fff_ffff);
        plan(Firmware.image(), image.array(), NONE);
    }

    @Test
    void memoryThatIsTooSmallIsNamed() {
        assertThatThrownBy(() ->
                        BootPlan.of(config(8 << 20), new BootImages(Firmware.image(), image(0x40_0000, 6 << 20), NONE)))
                .isInstanceOf(BadImageException.class)
                .hasMessageContaining("--memory");
        assertThatThrownBy(() -> BootPlan.of(
                        config(16 << 20), new BootImages(Firmware.image(), image(0x40_0000, 0), new byte[15 << 20])))
                .isInstanceOf(BadImageException.class)
                .hasMessageContaining("--memory");
    }

    @Test
    void damagedElfFilesAreRefusedOrLoaded() {
        byte[] good = BareGuests.named("hello").elf();
        Random random = new Random(20_261_121);
        for (int i = 0; i < 3000; i++) {
            byte[] bad = random.nextInt(4) == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
            for (int n = 0; n < 4 && bad.length > 0; n++) {
                int range = random.nextBoolean() ? Math.min(bad.length, 200) : bad.length;
                bad[random.nextInt(range)] = (byte) random.nextInt();
            }
            try {
                BootPlan plan = plan(NONE, bad, NONE);
                assertThat(plan.entry()).isBetween(0x8000_0000L, 0x8400_0000L);
            } catch (BadImageException e) {
                assertThat(e).hasMessageNotContaining("\n");
            }
        }
    }
}
