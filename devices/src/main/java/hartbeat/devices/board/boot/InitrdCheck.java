package hartbeat.devices.board.boot;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Finds initial RAM disks that are cut off or damaged, as far as their format tells; the guest would only say that it found no init.
 * Formats that are not known here are left to the guest.
 */
final class InitrdCheck {
    private static final int GZIP_HEADER_BYTES = 10;
    private static final int GZIP_TRAILER_BYTES = 8;
    private static final int CPIO_HEADER_BYTES = 110;
    private static final String CPIO_END = "TRAILER!!!";
    private static final String HINT = "the file is cut off or damaged; make or copy it again";

    private InitrdCheck() {}

    static void check(byte[] initrd) throws BadImageException {
        ImageKind kind = ImageKind.of(initrd);
        switch (kind) {
            case GZIP -> checkGzip(initrd);
            case CPIO -> checkCpio(initrd);
            case XZ -> checkXz(initrd);
            case ELF, LINUX_RISCV, LINUX_ARM64, LINUX_ARM, LINUX_X86, EFI, DEVICE_TREE ->
                throw bad("it is " + kind.described(), "give a cpio archive or a disk image as --initrd");
            case SCRIPT, U_BOOT, UNKNOWN ->
                System.getLogger(InitrdCheck.class.getName())
                        .log(
                                System.Logger.Level.WARNING,
                                "initrd: it is {0}; Linux takes a cpio archive, also compressed (gzip, xz, zstd, lz4, bzip2, lzma, lzo), or a file system (hint: is it the right file?)",
                                kind.described());
            case ZSTD, BZIP2, LZ4, LZMA, LZO, FILE_SYSTEM -> {
                // Whole or not is for the guest to find out.
            }
        }
    }

    private static void checkGzip(byte[] initrd) throws BadImageException {
        int start = gzipData(initrd);
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(initrd, start, initrd.length - start);
            CRC32 crc = new CRC32();
            byte[] sink = new byte[1 << 16];
            while (!inflater.finished()) {
                int length = inflater.inflate(sink);
                if (length == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
                    throw bad("its compressed data ends after %d bytes".formatted(inflater.getBytesWritten()), HINT);
                }
                crc.update(sink, 0, length);
            }
            int trailer = initrd.length - inflater.getRemaining();
            if (inflater.getRemaining() < GZIP_TRAILER_BYTES) {
                throw bad("its gzip trailer is missing", HINT);
            }
            if (littleEndian(initrd, trailer) != (int) crc.getValue()) {
                throw bad("its gzip checksum is wrong", HINT);
            }
        } catch (DataFormatException e) {
            throw bad("its gzip data is damaged", HINT);
        } finally {
            inflater.end();
        }
    }

    /** Where the compressed data begins, after the optional fields (RFC 1952, 2.3). */
    private static int gzipData(byte[] initrd) throws BadImageException {
        if (initrd.length < GZIP_HEADER_BYTES + GZIP_TRAILER_BYTES) {
            throw bad("its gzip header is cut off", HINT);
        }
        int flags = initrd[3];
        int at = GZIP_HEADER_BYTES;
        if ((flags & 4) != 0) {
            at += 2 + (initrd[at] & 0xff) + 256 * (initrd[at + 1] & 0xff);
        }
        for (int text = 8; text <= 16; text *= 2) {
            while ((flags & text) != 0 && at < initrd.length && initrd[at++] != 0) {
                // Name and comment are skipped.
            }
        }
        at += (flags & 2) != 0 ? 2 : 0;
        if (at >= initrd.length) {
            throw bad("its gzip header is cut off", HINT);
        }
        return at;
    }

    /** Walks the archive from header to header (cpio "newc"); what follows its end is another archive, left to the guest. */
    private static void checkCpio(byte[] initrd) throws BadImageException {
        long at = 0;
        while (at + CPIO_HEADER_BYTES <= initrd.length) {
            String header = new String(initrd, (int) at, CPIO_HEADER_BYTES, StandardCharsets.ISO_8859_1);
            if (!header.matches("07070[12][0-9a-fA-F]{104}")) {
                throw bad("its cpio header at byte %d is damaged".formatted(at), HINT);
            }
            long fileBytes = Long.parseLong(header, 54, 62, 16);
            long nameBytes = Long.parseLong(header, 94, 102, 16);
            long nameEnd = at + CPIO_HEADER_BYTES + nameBytes;
            if (nameEnd > initrd.length) {
                break;
            }
            String name = new String(
                    initrd, (int) at + CPIO_HEADER_BYTES, Math.clamp(nameBytes - 1, 0, 4096), StandardCharsets.UTF_8);
            if (name.equals(CPIO_END)) {
                return;
            }
            at = Math.ceilDiv(Math.ceilDiv(nameEnd, 4L) * 4 + fileBytes, 4L) * 4;
        }
        throw bad("its cpio archive has no end", HINT);
    }

    private static void checkXz(byte[] initrd) throws BadImageException {
        int end = initrd.length;
        // Streams are padded with zeroes to a multiple of four bytes.
        while (end > 0 && initrd[end - 1] == 0) {
            end--;
        }
        if (end < 2 || initrd[end - 2] != 'Y' || initrd[end - 1] != 'Z') {
            throw bad("its xz footer is missing", HINT);
        }
    }

    private static int littleEndian(byte[] bytes, int at) {
        return bytes[at] & 0xff
                | (bytes[at + 1] & 0xff) << 8
                | (bytes[at + 2] & 0xff) << 16
                | (bytes[at + 3] & 0xff) << 24;
    }

    private static BadImageException bad(String found, String hint) {
        return new BadImageException("initrd: %s; %s".formatted(found, hint));
    }
}
