package hartbeat.devices.virtio;

import hartbeat.devices.Mistakes;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.memory.GuestMemory;

/** What the transport gives to the device behind it. */
public interface VirtioLink {
    /** Index of the device in the machine's list, for its outputs. */
    int index();

    GuestMemory memory();

    Virtqueue queue(int number);

    /** Whether both sides agreed to a feature. */
    boolean negotiated(int feature);

    /** Whether the driver wants the device to work: DRIVER_OK and not in need of a reset. */
    boolean running();

    /** Tells the driver of used buffers, if it wants to know. */
    void usedBuffers(int queue);

    /**
     * To be called after chains were taken: if the ring turned out to be broken, the device asks to be reset and stops.
     *
     * @return true if the queue is in order
     */
    boolean intact(int queue);

    /** A guest's mistake that leaves the device without a way on: DEVICE_NEEDS_RESET (virtio 1.2, 2.1). */
    void needsReset();

    Mistakes mistakes();

    void emit(Output output);
}
