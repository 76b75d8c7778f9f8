package hartbeat.ft.sim;

import hartbeat.emulator.io.Emission;
import hartbeat.ft.run.PassingGuest;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A guest that remembers what was emitted; faulty guests override what they break. */
public class Wrapped extends PassingGuest {
    protected final ToyGuest inner;
    private final TreeMap<Long, Emission> emitted = new TreeMap<>();

    public Wrapped(ToyGuest inner) {
        super(inner);
        this.inner = inner;
    }

    /** Every emission so far, by number. */
    public TreeMap<Long, Emission> history() {
        return emitted;
    }

    @Override
    public @Nullable Emission pollOutput() {
        Emission emission = super.pollOutput();
        if (emission != null) {
            emitted.put(emission.number(), emission);
        }
        return emission;
    }
}
