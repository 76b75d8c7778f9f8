package hartbeat.emulator.memory;

/**
 * Guest RAM (skeleton: helper "cpu" replaces the array by the mapping and keeps these signatures). Addresses are guest-physical.
 * A device checks {@link #contains} before it touches memory; an access outside is a programming error and throws
 * {@link IndexOutOfBoundsException}.
 */
public final class GuestMemory implements AutoCloseable {
    public static final long BASE = 0x8000_0000L;
    public static final int PAGE_SIZE = 4096;

    private final byte[] bytes;

    public GuestMemory(long sizeBytes) {
        bytes = new byte[Math.toIntExact(sizeBytes)];
    }

    public long size() {
        return bytes.length;
    }

    /** Whether all of {@code [address, address + length)} is RAM; false for negative lengths and wrap-around. */
    public boolean contains(long address, long length) {
        return address >= BASE && length >= 0 && length <= bytes.length && address - BASE <= bytes.length - length;
    }

    public void read(long address, byte[] target, int offset, int length) {
        System.arraycopy(bytes, (int) (address - BASE), target, offset, length);
    }

    /** Writes as a device does (DMA): page flags and everything derived from the old contents are brought up to date. */
    public void write(long address, byte[] source, int offset, int length) {
        System.arraycopy(source, offset, bytes, (int) (address - BASE), length);
    }

    /** Little-endian reads and writes at any alignment. */
    public int u8(long address) {
        return bytes[(int) (address - BASE)] & 0xff;
    }

    public int u16(long address) {
        return u8(address) | u8(address + 1) << 8;
    }

    public int i32(long address) {
        return u16(address) | u16(address + 2) << 16;
    }

    public long i64(long address) {
        return (i32(address) & 0xffff_ffffL) | (long) i32(address + 4) << 32;
    }

    public void i8(long address, int value) {
        write(address, new byte[] {(byte) value}, 0, 1);
    }

    public void i16(long address, int value) {
        i8(address, value);
        i8(address + 1, value >> 8);
    }

    public void i32(long address, int value) {
        i16(address, value);
        i16(address + 2, value >> 16);
    }

    @Override
    public void close() {}
}
