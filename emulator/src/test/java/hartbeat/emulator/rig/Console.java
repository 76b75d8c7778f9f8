package hartbeat.emulator.rig;

import hartbeat.emulator.bus.MmioDevice;
import hartbeat.emulator.io.Outbox;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;
import java.nio.charset.StandardCharsets;

/** Takes bytes at offset 0, counts accesses, and at offset 8 powers off with the stored value. Offset 4 reads the count. */
public final class Console implements MmioDevice {
    private final Outbox outbox;
    private int accesses;

    public Console(Outbox outbox) {
        this.outbox = outbox;
    }

    @Override
    public int load(int offset, int width) {
        accesses++;
        return offset == 4 ? accesses : 0;
    }

    @Override
    public void store(int offset, int width, int value) {
        accesses++;
        if (offset == 0) {
            outbox.emit(new Output.ConsoleOutput(
                    0, String.valueOf((char) (value & 0xff)).getBytes(StandardCharsets.ISO_8859_1)));
        } else if (offset == 8) {
            outbox.emit(new Output.PowerOff(value, "test"));
        }
    }

    @Override
    public void reset() {
        accesses = 0;
    }

    @Override
    public String name() {
        return "console";
    }

    @Override
    public void save(StateWriter writer) {
        writer.i32(accesses);
    }

    @Override
    public void restore(StateReader reader) {
        accesses = reader.i32();
    }
}
