package hartbeat.proof.attack;

import hartbeat.devices.board.MemoryMap;

/** The memory that an attacking driver names; the bare guest {@code attack} has the same. */
final class Arena {
    /** RAM of an attacked machine. */
    static final int MEMORY_BYTES = 1 << 20;

    static final long MEMORY_END = MemoryMap.RAM + MEMORY_BYTES;

    static final long START = MemoryMap.RAM + 0x4_0000;

    /** One page each for what driver and device write. */
    static final int RING_BYTES = 0x2000;

    static final int RINGS = 2 * MemoryMap.VIRTIO_SLOTS;
    static final long BUFFERS = START + (long) RINGS * RING_BYTES;
    static final int BUFFER_BYTES = 0x1_0000;
    static final long END = BUFFERS + BUFFER_BYTES;

    private Arena() {}

    /** Where a queue's descriptors begin. */
    static long ring(int slot, int queue) {
        return START + (2L * slot + queue) * RING_BYTES;
    }
}
