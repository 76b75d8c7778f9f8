package hartbeat.emulator.executor.translator;

import hartbeat.emulator.memory.HostMemory;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * Memory for machine code: one file in memory, mapped twice, so that no page is ever writable and executable. Host memory is used
 * only for what was written.
 */
public final class CodeMemory {
    private static final int CLOSE_ON_EXEC = 1;

    private final int size;
    private final long writable;
    private final long executable;
    private boolean open = true;

    /** The host does not let us have such memory; the message says what it refused. */
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message);
        }
    }

    private CodeMemory(int size, long writable, long executable) {
        this.size = size;
        this.writable = writable;
        this.executable = executable;
    }

    /** Maps {@code sizeBytes}, a multiple of the host's page size. */
    static CodeMemory map(int sizeBytes) throws RefusedException {
        MemorySegment name = MemorySegment.ofArray("hartbeat-code\0".getBytes(StandardCharsets.US_ASCII));
        int file = (int) call("memfd_create", name, CLOSE_ON_EXEC);
        if (file < 0) {
            throw new RefusedException("the host refuses a file in memory (memfd_create)");
        }
        try {
            // Arguments are passed in the order of the registers; a number is as good as an address there.
            if ((int) call("ftruncate", MemorySegment.ofAddress(file), sizeBytes) != 0) {
                throw new RefusedException("the host refuses %d bytes of memory for code".formatted(sizeBytes));
            }
            return map(sizeBytes, file);
        } finally {
            call("close", MemorySegment.ofAddress(file), 0);
        }
    }

    private static CodeMemory map(int sizeBytes, int file) throws RefusedException {
        long writable = HostMemory.mapShared(sizeBytes, false, file);
        if (writable < 0) {
            throw new RefusedException("the host refuses to map memory for code, errno %d".formatted(-writable));
        }
        long executable = HostMemory.mapShared(sizeBytes, true, file);
        if (executable < 0) {
            HostMemory.unmap(writable, sizeBytes);
            throw new RefusedException("the host refuses executable memory, errno %d".formatted(-executable));
        }
        return new CodeMemory(sizeBytes, writable, executable);
    }

    private static long call(String function, MemorySegment first, long second) {
        return HostCall.call(HostCall.find(function), first, MemorySegment.ofAddress(second), 0, 0);
    }

    /** Bytes. */
    public int size() {
        return size;
    }

    /** Host address through which it is written. */
    public long writable() {
        return writable;
    }

    /** Host address at which it is executed. */
    public long executable() {
        return executable;
    }

    /** Gives the memory back; nothing of it may be used any more. */
    public void close() {
        if (open) {
            open = false;
            HostMemory.unmap(writable, size);
            HostMemory.unmap(executable, size);
        }
    }
}
