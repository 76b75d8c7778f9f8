package hartbeat.tools.compose;

import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.machine.Stop;
import hartbeat.ft.run.Guest;
import hartbeat.ft.run.StateDigest;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A guest whose outputs are also shown to somebody, whatever the role does with them. */
final class ObservedGuest implements Guest {
    private final Guest inner;
    private final Consumer<Emission> observer;

    ObservedGuest(Guest inner, Consumer<Emission> observer) {
        this.inner = inner;
        this.observer = observer;
    }

    @Override
    public @Nullable Emission pollOutput() {
        Emission emission = inner.pollOutput();
        if (emission != null) {
            observer.accept(emission);
        }
        return emission;
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
