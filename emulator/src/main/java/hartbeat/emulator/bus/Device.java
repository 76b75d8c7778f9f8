package hartbeat.emulator.bus;

import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.state.Stateful;
import java.util.List;

/** A device front-end: the part of a device that belongs to the machine. It has no thread, no clock, no host resource. */
public interface Device extends Stateful {
    /** As after power-on. Host requests still under way are forgotten; their late completions are ignored. */
    void reset();

    /**
     * Applies an input that bears this device's index. An input that fits no request or no device of this kind is ignored and
     * counted, never an exception: a log may come from a hostile peer.
     */
    default void apply(Input.ToDevice input) {}

    /**
     * How much more console input (bytes) or how many more frames the device can take now without losing any. The live input
     * source asks before it applies; replay does not need to.
     */
    default int room() {
        return 0;
    }

    /** Requests that the host was asked for and has not answered, in the order in which they were asked; a take-over asks again. */
    default List<Output> outstanding() {
        return List.of();
    }
}
