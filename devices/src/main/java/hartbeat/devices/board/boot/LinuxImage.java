package hartbeat.devices.board.boot;

import hartbeat.devices.board.BoardConfig;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The header of a RISC-V Linux Image (Linux, Documentation/riscv/boot-image-header) and what it tells about the file. */
final class LinuxImage {
    private static final int HEADER_BYTES = 64;
    private static final int TEXT_OFFSET_RV32 = 0x40_0000;
    private static final int TEXT_OFFSET_RV64 = 0x20_0000;

    private static final int DOS_MAGIC = 0x5a4d;
    private static final int PE_OFFSET = 60;
    private static final int PE_MAGIC = 0x4550;
    private static final int COFF_BYTES = 24;
    private static final int SECTION_BYTES = 40;

    private LinuxImage() {}

    /**
     * Bytes that the kernel occupies when it runs.
     *
     * @throws BadImageException if the file is not for this machine, damaged or cut off
     */
    static long memoryBytes(byte[] kernel) throws BadImageException {
        if (kernel.length < HEADER_BYTES) {
            throw new BadImageException("kernel: its header is cut off; copy the file again");
        }
        ByteBuffer header = ByteBuffer.wrap(kernel).order(ByteOrder.LITTLE_ENDIAN);
        long textOffset = header.getLong(8);
        if (textOffset == TEXT_OFFSET_RV64) {
            throw new BadImageException(
                    "kernel: it is a 64-bit RISC-V Linux Image (RV64); build it for RV32 (ARCH_RV32I)");
        }
        if (textOffset != TEXT_OFFSET_RV32) {
            throw new BadImageException(
                    "kernel: text offset: expected=0x%x, actual=0x%x; the file is damaged or not for RV32"
                            .formatted(TEXT_OFFSET_RV32, textOffset));
        }
        long imageBytes = header.getLong(16);
        if (imageBytes < 0 || imageBytes > BoardConfig.MAX_MEMORY_BYTES) {
            throw new BadImageException("kernel: its header claims %s bytes; the file is damaged"
                    .formatted(Long.toUnsignedString(imageBytes)));
        }
        checkLength(header, imageBytes);
        return Math.max(imageBytes, kernel.length);
    }

    /** A kernel with an EFI stub says where its file ends. Any other tells only its size in memory, of which the file lacks the zeroes. */
    private static void checkLength(ByteBuffer image, long imageBytes) throws BadImageException {
        long fileBytes = efiFileBytes(image);
        if (fileBytes > image.limit()) {
            throw new BadImageException("kernel: expected=%d bytes, actual=%d; the file is cut off, copy it again"
                    .formatted(fileBytes, image.limit()));
        }
        if (fileBytes == 0 && image.limit() < imageBytes / 2) {
            System.getLogger(LinuxImage.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "kernel: the file has {0} bytes, less than half of the {1} that it is to fill in memory (hint: if nothing is printed, the file is cut off)",
                            Long.toString(image.limit()),
                            Long.toString(imageBytes));
        }
    }

    /** Where the last section of the PE image ends in the file (PE format, 3 and 4); 0 if it is none. */
    private static long efiFileBytes(ByteBuffer image) {
        int pe = image.getInt(PE_OFFSET);
        if (image.getShort(0) != DOS_MAGIC
                || pe < HEADER_BYTES
                || pe > image.limit() - COFF_BYTES
                || image.getInt(pe) != PE_MAGIC) {
            return 0;
        }
        int sections = Short.toUnsignedInt(image.getShort(pe + 6));
        int first = pe + COFF_BYTES + Short.toUnsignedInt(image.getShort(pe + 20));
        long end = 0;
        for (int at = first, i = 0; i < sections && at + SECTION_BYTES <= image.limit(); i++, at += SECTION_BYTES) {
            long rawBytes = Integer.toUnsignedLong(image.getInt(at + 16));
            long rawOffset = Integer.toUnsignedLong(image.getInt(at + 20));
            end = Math.max(end, rawOffset + rawBytes);
        }
        return end;
    }
}
