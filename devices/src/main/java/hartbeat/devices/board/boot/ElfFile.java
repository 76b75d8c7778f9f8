package hartbeat.devices.board.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A 32-bit little-endian RISC-V executable (System V ABI, chapter 4). The file is hostile input: everything is bounded before it is
 * used.
 */
final class ElfFile {
    private static final int HEADER_BYTES = 52;
    private static final int PROGRAM_HEADER_BYTES = 32;
    private static final int SECTION_HEADER_BYTES = 40;
    private static final int SYMBOL_BYTES = 16;
    private static final int MAX_PROGRAM_HEADERS = 256;
    private static final int TYPE_EXECUTABLE = 2;
    private static final int MACHINE_RISCV = 243;
    private static final int SEGMENT_LOAD = 1;
    private static final int SECTION_SYMBOLS = 2;
    private static final int CLASS_32 = 1;
    private static final int LITTLE_ENDIAN = 1;

    private final String what;
    private final byte[] image;
    private final ByteBuffer bytes;
    private final List<Load> loads = new ArrayList<>();

    /** A loadable segment: {@code fileBytes} from the file, then zeroes up to {@code memoryBytes}. */
    record Load(long virtual, long physical, int offset, int fileBytes, long memoryBytes) {}

    /** @param what the image's role, for messages */
    ElfFile(String what, byte[] image) throws BadImageException {
        this.what = what;
        this.image = image;
        this.bytes = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        checkHeader();
        readProgramHeaders();
    }

    byte[] image() {
        return image;
    }

    List<Load> loads() {
        return loads;
    }

    /** Physical address of the entry point. */
    long entry() throws BadImageException {
        long entry = unsigned(24);
        OptionalLong physical = physical(entry, 2);
        if (physical.isEmpty()) {
            throw bad("its entry point 0x%x lies in no loaded segment".formatted(entry), "link it again");
        }
        return physical.getAsLong();
    }

    /** Physical address of a symbol that at least {@code size} bytes are loaded at, if the file has one of that name. */
    OptionalLong symbol(String name, int size) {
        long table = unsigned(32);
        int count = bytes.getShort(48) & 0xffff;
        if ((bytes.getShort(46) & 0xffff) != SECTION_HEADER_BYTES
                || !inFile(table, (long) count * SECTION_HEADER_BYTES)) {
            return OptionalLong.empty();
        }
        for (int i = 0; i < count; i++) {
            int header = (int) table + i * SECTION_HEADER_BYTES;
            long strings = unsigned(header + 24);
            if (bytes.getInt(header + 4) == SECTION_SYMBOLS && strings < count) {
                // A file has one symbol table at most; to look through any number of them could take for ever.
                int stringsHeader = (int) table + (int) strings * SECTION_HEADER_BYTES;
                OptionalLong found = find(name, header, stringsHeader);
                return found.isPresent() ? physical(found.getAsLong(), size) : found;
            }
        }
        return OptionalLong.empty();
    }

    private OptionalLong find(String name, int symbolsHeader, int stringsHeader) {
        long symbols = unsigned(symbolsHeader + 16);
        long symbolsBytes = unsigned(symbolsHeader + 20);
        long strings = unsigned(stringsHeader + 16);
        long stringsBytes = unsigned(stringsHeader + 20);
        if (!inFile(symbols, symbolsBytes) || !inFile(strings, stringsBytes)) {
            return OptionalLong.empty();
        }
        byte[] wanted = (name + '\0').getBytes(StandardCharsets.US_ASCII);
        for (long at = symbols; at + SYMBOL_BYTES <= symbols + symbolsBytes; at += SYMBOL_BYTES) {
            long nameAt = unsigned((int) at);
            if (nameAt + wanted.length <= stringsBytes && matches(wanted, (int) (strings + nameAt))) {
                return OptionalLong.of(unsigned((int) at + 4));
            }
        }
        return OptionalLong.empty();
    }

    private boolean matches(byte[] wanted, int offset) {
        for (int i = 0; i < wanted.length; i++) {
            if (image[offset + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    private OptionalLong physical(long virtual, long size) {
        for (Load load : loads) {
            long offset = virtual - load.virtual();
            if (offset >= 0 && offset + size <= load.memoryBytes()) {
                return OptionalLong.of(load.physical() + offset);
            }
        }
        return OptionalLong.empty();
    }

    private void checkHeader() throws BadImageException {
        if (image.length < HEADER_BYTES) {
            throw bad("an ELF header is cut short (%d bytes)".formatted(image.length), "copy the file again");
        }
        if (image[5] != LITTLE_ENDIAN) {
            throw bad("it is a big-endian ELF file", "this machine is little-endian");
        }
        int machine = bytes.getShort(18) & 0xffff;
        if (machine != MACHINE_RISCV) {
            throw bad("it is an ELF file for %s".formatted(machineName(machine)), "this machine is RISC-V, 32 bits");
        }
        if (image[4] != CLASS_32) {
            throw bad(
                    "it is a 64-bit RISC-V ELF file (RV64)", "build it for rv32, as with -march=rv32imac -mabi=ilp32");
        }
        int type = bytes.getShort(16) & 0xffff;
        if (type != TYPE_EXECUTABLE) {
            throw bad("its ELF type is %d, not an executable".formatted(type), "link it statically, without -pie");
        }
    }

    private void readProgramHeaders() throws BadImageException {
        long table = unsigned(28);
        int size = bytes.getShort(42) & 0xffff;
        int count = bytes.getShort(44) & 0xffff;
        if (count > MAX_PROGRAM_HEADERS
                || count > 0 && size != PROGRAM_HEADER_BYTES
                || !inFile(table, (long) count * PROGRAM_HEADER_BYTES)) {
            throw bad("its program headers are damaged or cut off", "copy the file again");
        }
        for (int i = 0; i < count; i++) {
            int header = (int) table + i * PROGRAM_HEADER_BYTES;
            long memoryBytes = unsigned(header + 20);
            if (bytes.getInt(header) == SEGMENT_LOAD && memoryBytes > 0) {
                loads.add(readLoad(header, memoryBytes));
            }
        }
        if (loads.isEmpty()) {
            throw bad("it has nothing to load", "link it as an executable");
        }
    }

    private Load readLoad(int header, long memoryBytes) throws BadImageException {
        long offset = unsigned(header + 4);
        long fileBytes = unsigned(header + 16);
        if (fileBytes > memoryBytes || !inFile(offset, fileBytes)) {
            throw bad(
                    "a segment of %d bytes at offset %d does not fit the file of %d bytes"
                            .formatted(fileBytes, offset, image.length),
                    "the file is cut off or damaged; copy it again");
        }
        return new Load(unsigned(header + 8), unsigned(header + 12), (int) offset, (int) fileBytes, memoryBytes);
    }

    private boolean inFile(long offset, long length) {
        return offset + length <= image.length;
    }

    private long unsigned(int offset) {
        return bytes.getInt(offset) & 0xffff_ffffL;
    }

    private BadImageException bad(String found, String hint) {
        return new BadImageException("%s: %s; %s".formatted(what, found, hint));
    }

    private static String machineName(int machine) {
        return switch (machine) {
            case 3 -> "x86 (32 bits)";
            case 8 -> "MIPS";
            case 20, 21 -> "PowerPC";
            case 22 -> "IBM Z";
            case 40 -> "ARM (32 bits)";
            case 62 -> "x86-64";
            case 183 -> "arm64";
            case 258 -> "LoongArch";
            default -> "machine number " + machine;
        };
    }
}
