package hartbeat.devices.syscon;

import hartbeat.devices.Mistakes;
import hartbeat.emulator.bus.MmioDevice;
import hartbeat.emulator.io.Outbox;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;

/** SiFive test finisher: one register, written to end the run. Has no state. */
public final class Syscon implements MmioDevice {
    /** Bytes of address space. */
    public static final int SIZE = 0x1000;

    /** Ends the run with a failure; the code stands in the upper 16 bits. */
    public static final int FAIL = 0x3333;

    /** Switches the machine off. */
    public static final int PASS = 0x5555;

    /** Resets the machine. */
    public static final int RESET = 0x7777;

    private final Outbox outbox;
    private final Mistakes mistakes = new Mistakes();

    public Syscon(Outbox outbox) {
        this.outbox = outbox;
    }

    public Mistakes mistakes() {
        return mistakes;
    }

    @Override
    public int load(int offset, int width) {
        return 0;
    }

    @Override
    public void store(int offset, int width, int value) {
        if (offset != 0 || width == 1) {
            mistakes.count(Mistakes.Kind.BAD_REGISTER_ACCESS);
            return;
        }
        switch (value & 0xffff) {
            case PASS -> outbox.emit(new Output.PowerOff(0, "the guest switched itself off"));
            case RESET -> outbox.emit(new Output.Reset());
            case FAIL -> {
                // A failure must not look like success, whatever code the guest gave.
                int code = Math.max(1, value >>> 16);
                outbox.emit(new Output.PowerOff(code, "the guest reported failure " + code));
            }
            default -> mistakes.count(Mistakes.Kind.BAD_REQUEST);
        }
    }

    @Override
    public void reset() {}

    @Override
    public String name() {
        return "syscon";
    }

    @Override
    public void save(StateWriter writer) {}

    @Override
    public void restore(StateReader reader) {}
}
