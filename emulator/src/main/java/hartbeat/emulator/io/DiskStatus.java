package hartbeat.emulator.io;

/** How a disk request ended. */
public enum DiskStatus {
    OK,
    IO_ERROR
}
