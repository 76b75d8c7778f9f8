package hartbeat.emulator.io;

/** What a disk back-end can be asked to do (virtio 1.2, 5.2.6). */
public enum DiskOperation {
    READ,
    WRITE,
    /** Everything written before is on stable storage when this completes. */
    FLUSH,
    DISCARD,
    WRITE_ZEROES
}
