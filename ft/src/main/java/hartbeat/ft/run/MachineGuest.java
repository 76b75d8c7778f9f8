package hartbeat.ft.run;

import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.machine.Machine;
import hartbeat.emulator.machine.MachineDigest;
import hartbeat.emulator.machine.Stop;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The real machine as a {@link Guest}. */
public final class MachineGuest implements Guest {
    private final Machine machine;

    public MachineGuest(Machine machine) {
        this.machine = machine;
    }

    @Override
    public long icount() {
        return machine.icount();
    }

    @Override
    public Stop runUntil(long limit) {
        return machine.runUntil(limit);
    }

    @Override
    public void apply(Input input) {
        machine.apply(input);
    }

    @Override
    public @Nullable Emission pollOutput() {
        return machine.pollOutput();
    }

    @Override
    public long emitted() {
        return machine.emitted();
    }

    @Override
    public long mtime() {
        return machine.clock().mtime();
    }

    @Override
    public long deadlineMtime() {
        return machine.clock().deadlineMtime();
    }

    @Override
    public int devices() {
        return machine.devices().size();
    }

    @Override
    public int room(int device) {
        return device >= 0 && device < machine.devices().size()
                ? machine.devices().get(device).room()
                : 0;
    }

    @Override
    public Output.@Nullable PowerOff powerOff() {
        return machine.powerOff();
    }

    @Override
    public StateDigest digest() {
        MachineDigest digest = machine.digest();
        List<StateDigest.Part> parts = new ArrayList<>(digest.parts().size());
        for (MachineDigest.Part part : digest.parts()) {
            parts.add(new StateDigest.Part(part.name(), part.hash()));
        }
        return new StateDigest(digest.icount(), parts);
    }

    @Override
    public byte[] save() {
        return machine.save();
    }

    @Override
    public void restore(byte[] state) {
        machine.restore(state);
    }
}
