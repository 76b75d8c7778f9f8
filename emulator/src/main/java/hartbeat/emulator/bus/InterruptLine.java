package hartbeat.emulator.bus;

/** A level-triggered wire from a device to an interrupt controller, or from a controller to a hart. */
@FunctionalInterface
public interface InterruptLine {
    void level(boolean asserted);
}
