package hartbeat.proof.attack;

import hartbeat.emulator.io.Input;
import java.util.HexFormat;

/** One step of a driver that drives the devices from outside, or of the host behind them. */
public sealed interface Step {

    /** A store to a device's register. @param device its index */
    record Store(int device, int offset, int width, int value) implements Step {
        @Override
        public String toString() {
            return "store device %d, offset 0x%03x, width %d, 0x%08x".formatted(device, offset, width, value);
        }
    }

    /** A load from a device's register. */
    record Load(int device, int offset, int width) implements Step {
        @Override
        public String toString() {
            return "load device %d, offset 0x%03x, width %d".formatted(device, offset, width);
        }
    }

    /** The driver writes memory: descriptors, rings, buffers. */
    record Poke(long address, byte[] bytes) implements Step {
        @Override
        public String toString() {
            return "write 0x%x %s".formatted(address, HexFormat.of().formatHex(bytes));
        }
    }

    /** The host answers the oldest request of a device that is open, if there is one. */
    record Answer(int device, How how) implements Step {}

    /** How well the host answers. */
    enum How {
        RIGHT,
        FAILED,
        OTHER_NUMBER,
        OTHER_LENGTH
    }

    /** An input that nobody asked for. */
    record Host(Input input) implements Step {
        @Override
        public String toString() {
            return switch (input) {
                case Input.FrameReceived frame ->
                    "frame of %d bytes to device %d".formatted(frame.frame().length, frame.device());
                case Input.ConsoleInput typed ->
                    "%d bytes typed at device %d".formatted(typed.bytes().length, typed.device());
                case Input.Entropy entropy ->
                    "%d random bytes to device %d".formatted(entropy.bytes().length, entropy.device());
                case Input.DiskCompletion completion ->
                    "completion of request %d, %d bytes, to device %d"
                            .formatted(completion.request(), completion.data().length, completion.device());
                case Input.TimeSample _, Input.WallClock _ -> input.toString();
            };
        }
    }

    /** The hart goes on. */
    record Run(int instructions) implements Step {}

    /** The state is saved and restored. */
    record Snapshot() implements Step {}
}
