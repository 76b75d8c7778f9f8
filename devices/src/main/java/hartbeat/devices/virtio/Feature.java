package hartbeat.devices.virtio;

/** Feature bits that belong to no device type (virtio 1.2, chapter 6), by number. */
public final class Feature {
    /** Legacy only: the driver does not have to lay out a request in buffers of given lengths. */
    public static final int ANY_LAYOUT = 27;

    public static final int INDIRECT_DESC = 28;
    public static final int EVENT_IDX = 29;
    public static final int VERSION_1 = 32;
    public static final int RING_RESET = 40;

    private Feature() {}

    /** The feature's bit in a word of features. */
    public static long bit(int feature) {
        return 1L << feature;
    }
}
