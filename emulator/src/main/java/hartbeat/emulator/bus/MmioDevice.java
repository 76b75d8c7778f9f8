package hartbeat.emulator.bus;

/**
 * Registers in the physical address space. Accesses are naturally aligned, {@code width} is 1, 2 or 4 bytes; a register
 * that does not exist reads as zero and ignores writes.
 */
public interface MmioDevice extends Device {
    /** @return the value, zero-extended from {@code width} bytes */
    int load(int offset, int width);

    void store(int offset, int width, int value);
}
