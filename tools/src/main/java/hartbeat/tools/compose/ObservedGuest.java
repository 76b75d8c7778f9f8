package hartbeat.tools.compose;

import hartbeat.emulator.io.Emission;
import hartbeat.ft.run.Guest;
import hartbeat.ft.run.PassingGuest;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A guest whose outputs are also shown to somebody, whatever the role does with them. */
final class ObservedGuest extends PassingGuest {
    private final Consumer<Emission> observer;

    ObservedGuest(Guest inner, Consumer<Emission> observer) {
        super(inner);
        this.observer = observer;
    }

    @Override
    public @Nullable Emission pollOutput() {
        Emission emission = super.pollOutput();
        if (emission != null) {
            observer.accept(emission);
        }
        return emission;
    }
}
