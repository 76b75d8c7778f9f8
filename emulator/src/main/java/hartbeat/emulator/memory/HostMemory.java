package hartbeat.emulator.memory;

import java.nio.IntBuffer;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.system.MemoryUtil;
import org.lwjgl.system.linux.MMAN;

/** Raw host memory by address, through LWJGL core. */
public final class HostMemory {
    private HostMemory() {}

    /** Maps zeroed pages that take host memory only once they are written. */
    static long map(long sizeBytes) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            long address = MMAN.mmap(
                    stack.mallocInt(1),
                    MemoryUtil.NULL,
                    sizeBytes,
                    MMAN.PROT_READ | MMAN.PROT_WRITE,
                    MMAN.MAP_PRIVATE | MMAN.MAP_ANONYMOUS | MMAN.MAP_NORESERVE,
                    -1,
                    0);
            if (address == MMAN.MAP_FAILED) {
                throw new OutOfMemoryError(
                        "guest memory: cannot map %d bytes; give the guest less with --memory".formatted(sizeBytes));
            }
            return address;
        }
    }

    /**
     * Maps a file that others may map as well.
     *
     * @param executable whether it may be executed from there; it may be written otherwise
     * @return the address, or the negative errno if the host refuses
     */
    public static long mapShared(long sizeBytes, boolean executable, int file) {
        int protection = MMAN.PROT_READ | (executable ? MMAN.PROT_EXEC : MMAN.PROT_WRITE);
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer errno = stack.mallocInt(1);
            long address = MMAN.mmap(errno, MemoryUtil.NULL, sizeBytes, protection, MMAN.MAP_SHARED, file, 0);
            return address == MMAN.MAP_FAILED ? -errno.get(0) : address;
        }
    }

    /** Gives a mapping back. */
    public static void unmap(long address, long sizeBytes) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            MMAN.nmunmap(MemoryUtil.memAddress(stack.mallocInt(1)), address, sizeBytes);
        }
    }

    public static int u8(long address) {
        return MemoryUtil.memGetByte(address) & 0xff;
    }

    public static int s8(long address) {
        return MemoryUtil.memGetByte(address);
    }

    public static int u16(long address) {
        return MemoryUtil.memGetShort(address) & 0xffff;
    }

    public static int s16(long address) {
        return MemoryUtil.memGetShort(address);
    }

    public static int i32(long address) {
        return MemoryUtil.memGetInt(address);
    }

    public static long i64(long address) {
        return MemoryUtil.memGetLong(address);
    }

    public static void i8(long address, int value) {
        MemoryUtil.memPutByte(address, (byte) value);
    }

    public static void i16(long address, int value) {
        MemoryUtil.memPutShort(address, (short) value);
    }

    public static void i32(long address, int value) {
        MemoryUtil.memPutInt(address, value);
    }

    public static void i64(long address, long value) {
        MemoryUtil.memPutLong(address, value);
    }
}
