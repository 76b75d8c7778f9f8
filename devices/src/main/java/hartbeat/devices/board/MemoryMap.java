package hartbeat.devices.board;

import hartbeat.emulator.memory.GuestMemory;

/** Every physical address and interrupt number of the board; the same as QEMU's riscv32 {@code virt}. */
public final class MemoryMap {
    /** Where harts begin after a reset. */
    public static final long ROM = 0x1000;

    /** Bytes of the reset ROM. */
    public static final int ROM_SIZE = 0xf000;

    /** Test finisher: power-off and reset. */
    public static final long SYSCON = 0x10_0000;

    public static final long RTC = 0x10_1000;

    public static final int RTC_IRQ = 11;

    public static final long CLINT = 0x200_0000;

    public static final long PLIC = 0xc00_0000;

    public static final long UART = 0x1000_0000;

    public static final int UART_IRQ = 10;

    /** Input clock of the serial port, in Hz. */
    public static final int UART_CLOCK = 3_686_400;

    /** First of {@link #VIRTIO_SLOTS} transports, {@link #VIRTIO_STRIDE} apart. */
    public static final long VIRTIO = 0x1000_1000;

    public static final int VIRTIO_STRIDE = 0x1000;
    public static final int VIRTIO_SLOTS = 8;
    /** Interrupt of slot 0; the others follow. */
    public static final int VIRTIO_IRQ = 1;

    /** RAM; firmware is loaded here. */
    public static final long RAM = GuestMemory.BASE;

    /** An S-mode kernel is loaded and entered here: the first 4 MiB boundary after the firmware. */
    public static final long KERNEL = RAM + 0x40_0000;

    private MemoryMap() {}

    /** Address of a virtio transport. */
    public static long virtio(int slot) {
        return VIRTIO + (long) slot * VIRTIO_STRIDE;
    }
}
