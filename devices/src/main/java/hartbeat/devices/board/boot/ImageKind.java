package hartbeat.devices.board.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Tells images apart by their magic numbers, so that a wrong one is refused by its name. */
enum ImageKind {
    ELF("an ELF file"),
    /** Linux, Documentation/riscv/boot-image-header. */
    LINUX_RISCV("a RISC-V Linux Image"),
    LINUX_ARM64("a Linux Image for arm64"),
    LINUX_ARM("a Linux zImage for 32-bit ARM"),
    LINUX_X86("a Linux bzImage for x86"),
    U_BOOT("a U-Boot uImage"),
    EFI("an EFI (PE) program"),
    GZIP("a gzip-compressed file"),
    XZ("an xz-compressed file"),
    ZSTD("a zstd-compressed file"),
    BZIP2("a bzip2-compressed file"),
    LZ4("an lz4-compressed file"),
    LZMA("an lzma-compressed file"),
    LZO("an lzo-compressed file"),
    FILE_SYSTEM("a file system"),
    DEVICE_TREE("a flattened device tree"),
    CPIO("a cpio archive"),
    SCRIPT("a text file"),
    UNKNOWN("of no known format");

    /** Of ext2 to ext4: the superblock lies at 1024, its magic 56 bytes further. */
    private static final int EXT_MAGIC_OFFSET = 1024 + 56;

    private final String described;

    ImageKind(String described) {
        this.described = described;
    }

    /** To stand after "is". */
    String described() {
        return described;
    }

    boolean compressed() {
        return switch (this) {
            case GZIP, XZ, ZSTD, BZIP2, LZ4, LZMA, LZO -> true;
            default -> false;
        };
    }

    static ImageKind of(byte[] image) {
        ByteBuffer bytes = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        if (startsWith(bytes, 0, "\u007fELF")) {
            return ELF;
        } else if (startsWith(bytes, 48, "RISCV") || startsWith(bytes, 56, "RSC\u0005")) {
            return LINUX_RISCV;
        } else if (startsWith(bytes, 56, "ARMd")) {
            return LINUX_ARM64;
        } else if (startsWith(bytes, 0x202, "HdrS")) {
            return LINUX_X86;
        } else if (word(bytes, 0x24) == 0x016f2818) {
            return LINUX_ARM;
        } else if (startsWith(bytes, 0, "MZ")) {
            return EFI;
        } else if (word(bytes, 0) == 0x56190527) {
            return U_BOOT;
        } else if (word(bytes, 0) == 0xedfe0dd0) {
            return DEVICE_TREE;
        }
        return archiveOrText(bytes);
    }

    private static ImageKind archiveOrText(ByteBuffer bytes) {
        if (startsWith(bytes, 0, "\u001f\u008b")) {
            return GZIP;
        } else if (word(bytes, 0) == 0x587a37fd) {
            return XZ;
        } else if (word(bytes, 0) == 0xfd2fb528) {
            return ZSTD;
        } else if (startsWith(bytes, 0, "BZh")) {
            return BZIP2;
        } else if (word(bytes, 0) == 0x184c2102 || word(bytes, 0) == 0x184d2204) {
            return LZ4;
        } else if (word(bytes, 0) == 0x0000005d || word(bytes, 0) == 0x8000005d) {
            return LZMA;
        } else if (word(bytes, 0) == 0x4f5a4c89) {
            return LZO;
        } else if (startsWith(bytes, 0, "hsqs")
                || startsWith(bytes, 0, "-rom1fs-")
                || word(bytes, 0) == 0x28cd3d45
                || (word(bytes, EXT_MAGIC_OFFSET) & 0xffff) == 0xef53) {
            return FILE_SYSTEM;
        } else if (startsWith(bytes, 0, "07070")) {
            return CPIO;
        } else if (startsWith(bytes, 0, "#!")) {
            return SCRIPT;
        }
        return UNKNOWN;
    }

    private static boolean startsWith(ByteBuffer bytes, int offset, String text) {
        byte[] expected = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.limit() < offset + expected.length) {
            return false;
        }
        byte[] actual = new byte[expected.length];
        bytes.get(offset, actual);
        return Arrays.equals(expected, actual);
    }

    private static int word(ByteBuffer bytes, int offset) {
        return bytes.limit() < offset + 4 ? 0 : bytes.getInt(offset);
    }
}
