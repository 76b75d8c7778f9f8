package hartbeat.ft.run;

import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.machine.Stop;
import org.jspecify.annotations.Nullable;

/** A guest that passes everything on to another; what is to be different is overridden. */
public abstract class PassingGuest implements Guest {
    private final Guest inner;

    protected PassingGuest(Guest inner) {
        this.inner = inner;
    }

    @Override
    public long icount() {
        return inner.icount();
    }

    @Override
    public Stop runUntil(long limit) {
        return inner.runUntil(limit);
    }

    @Override
    public void apply(Input input) {
        inner.apply(input);
    }

    @Override
    public @Nullable Emission pollOutput() {
        return inner.pollOutput();
    }

    @Override
    public long emitted() {
        return inner.emitted();
    }

    @Override
    public long mtime() {
        return inner.mtime();
    }

    @Override
    public long deadlineMtime() {
        return inner.deadlineMtime();
    }

    @Override
    public int devices() {
        return inner.devices();
    }

    @Override
    public int room(int device) {
        return inner.room(device);
    }

    @Override
    public Output.@Nullable PowerOff powerOff() {
        return inner.powerOff();
    }

    @Override
    public StateDigest digest() {
        return inner.digest();
    }

    @Override
    public byte[] save() {
        return inner.save();
    }

    @Override
    public void restore(byte[] state) {
        inner.restore(state);
    }
}
