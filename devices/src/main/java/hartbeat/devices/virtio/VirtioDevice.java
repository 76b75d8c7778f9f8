package hartbeat.devices.virtio;

import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;
import java.util.List;

/** What one kind of virtio device does, behind the transport. A device is made first and given its {@link VirtioLink} by the transport. */
public interface VirtioDevice {
    /** Device type (virtio 1.2, chapter 5). */
    int type();

    /** Name of the front-end, unique in the machine. */
    String name();

    /** Feature bits of the device type that are offered. */
    long features();

    /** Largest size of each queue. */
    int[] queueSizes();

    /** Called once, before anything else. */
    void attach(VirtioLink link);

    /** The configuration space, little-endian, as it stands. */
    byte[] config();

    /** A write to the configuration space; most device types have nothing to write. */
    default void configStore(int offset, int width, int value) {}

    /** The driver has negotiated features and set DRIVER_OK, or goes on after a queue reset. */
    default void started() {}

    /** The driver notified a queue that is ready. */
    void notified(int queue);

    /** Forgets all requests; late completions are ignored. Request numbers go on. */
    void reset();

    /** One queue was reset: forgets the requests that came from it. */
    void queueReset(int queue);

    /** An input for this device; one that does not fit is counted and ignored. */
    void apply(Input.ToDevice input);

    /** See {@link hartbeat.emulator.bus.Device#room}. */
    default int room() {
        return 0;
    }

    /** Requests that the host was asked for and has not answered, in order; they are asked again at a promotion. */
    default List<Output> outstanding() {
        return List.of();
    }

    void save(StateWriter writer);

    void restore(StateReader reader);
}
