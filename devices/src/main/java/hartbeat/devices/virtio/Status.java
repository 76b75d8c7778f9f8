package hartbeat.devices.virtio;

/** Bits of the device status (virtio 1.2, 2.1). */
final class Status {
    static final int DRIVER_OK = 4;
    static final int FEATURES_OK = 8;
    static final int NEEDS_RESET = 64;

    private Status() {}
}
