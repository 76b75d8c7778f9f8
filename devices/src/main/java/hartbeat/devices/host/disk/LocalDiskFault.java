package hartbeat.devices.host.disk;

/** A backup's own copy of a disk can no longer follow the primary's; this backup must stop, the machine goes on. */
public final class LocalDiskFault extends Exception {
    public LocalDiskFault(String message) {
        super(message);
    }
}
