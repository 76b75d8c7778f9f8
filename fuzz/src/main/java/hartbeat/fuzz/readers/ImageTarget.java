package hartbeat.fuzz.readers;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.board.MachineId;
import hartbeat.devices.board.RngSeed;
import hartbeat.devices.board.boot.BadImageException;
import hartbeat.devices.board.boot.BootImages;
import hartbeat.devices.board.boot.BootPlan;
import hartbeat.emulator.memory.GuestMemory;
import hartbeat.fuzz.Target;
import hartbeat.guest.BareGuests;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Firmware, kernel and initial RAM disk: an image is refused, or lies where it says. */
public final class ImageTarget implements Target {
    private static final byte[] NONE = {};
    private static final int MEMORY_BYTES = 16 << 20;
    private static final BoardConfig CONFIG = new BoardConfig(
            new MachineId(1, 2),
            MEMORY_BYTES,
            1,
            BoardConfig.Transport.MODERN,
            List.of(),
            List.of(),
            false,
            false,
            "",
            new RngSeed(1, 2, 3, 4));

    /** A whole program, in place of whichever image the input is not. */
    private final byte[] hello = BareGuests.named("hello").elf();

    @Override
    public String name() {
        return "image";
    }

    @Override
    public String about() {
        return "ELF files, Linux Images, initial RAM disks";
    }

    @Override
    public void test(byte[] input) {
        Bytes in = new Bytes(input);
        int role = in.u8() % 4;
        byte[] image = in.rest();
        BootImages images = switch (role) {
            case 0 -> new BootImages(NONE, image, NONE);
            case 1 -> new BootImages(image, NONE, NONE);
            case 2 -> new BootImages(hello, image, NONE);
            default -> new BootImages(NONE, hello, image);
        };
        try (GuestMemory memory = new GuestMemory(MEMORY_BYTES)) {
            BootPlan plan = BootPlan.of(CONFIG, images);
            plan.load(memory);
            plan.tohost().ifPresent(tohost -> memory.watch(tohost, 8, (_, _) -> {}));
            plan.fromhost().ifPresent(memory::i64);
        } catch (BadImageException refused) {
            // That is what the user is told.
        }
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(
                Bytes.joined(Bytes.of(0), hello),
                Bytes.joined(Bytes.of(1), hello),
                Bytes.joined(Bytes.of(0), linux(false)),
                Bytes.joined(Bytes.of(2), linux(true)),
                Bytes.joined(Bytes.of(3), cpio()),
                Bytes.joined(Bytes.of(3), gzip(cpio())));
    }

    /** The header of a RISC-V Linux Image, and a PE header for one with an EFI stub. */
    private static byte[] linux(boolean efi) {
        ByteBuffer image = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
        image.putLong(8, 0x40_0000)
                .putLong(16, 4096)
                .put(48, "RISCV\0\0\0".getBytes(StandardCharsets.US_ASCII))
                .put(56, "RSC\u0005".getBytes(StandardCharsets.ISO_8859_1));
        if (efi) {
            image.putShort(0, (short) 0x5a4d).putInt(60, 64).putInt(64, 0x4550).putShort(70, (short) 1);
            image.putInt(64 + 24 + 16, 100).putInt(64 + 24 + 20, 100);
        }
        return image.array();
    }

    private static byte[] cpio() {
        String name = "TRAILER!!!";
        String header = "070701" + "00000000".repeat(11) + "0000000b" + "00000000";
        return Arrays.copyOf((header + name).getBytes(StandardCharsets.US_ASCII), 512);
    }

    private static byte[] gzip(byte[] data) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
                gzip.write(data);
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
