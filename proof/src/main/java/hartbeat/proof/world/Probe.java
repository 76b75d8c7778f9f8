package hartbeat.proof.world;

import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.ft.run.Guest;
import hartbeat.ft.run.PassingGuest;
import hartbeat.ft.run.StateDigest;
import hartbeat.proof.fault.Crossing;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A guest that passes everything on and remembers its history: what came in at which icount, and what was made of it. */
public final class Probe extends PassingGuest {
    private final Consumer<Crossing> crossings;
    private final @Nullable LongSupplier fingerprint;
    private final List<Applied> inputs = new ArrayList<>();
    private final List<Emission> emissions = new ArrayList<>();
    private final List<Shared> digests = new ArrayList<>();

    /** An input and where it was applied. */
    public record Applied(long icount, Input input) {}

    /**
     * A position at which the product has digested the state.
     *
     * @param inputs applied before it
     * @param digest the product's
     * @param fingerprint of the whole state, by means of the harness's own; 0 if it was not asked for
     */
    public record Shared(int inputs, StateDigest digest, long fingerprint) {}

    /** @param fingerprint of the whole state, or null if it costs too much here */
    Probe(Guest inner, Consumer<Crossing> crossings, @Nullable LongSupplier fingerprint) {
        super(inner);
        this.crossings = crossings;
        this.fingerprint = fingerprint;
    }

    public List<Applied> inputs() {
        return inputs;
    }

    /** Every output that was made, by number from 1. */
    public List<Emission> emissions() {
        return emissions;
    }

    public List<Shared> digests() {
        return digests;
    }

    @Override
    public void apply(Input input) {
        crossings.accept(Crossing.INPUT);
        inputs.add(new Applied(icount(), input));
        super.apply(input);
    }

    @Override
    public @Nullable Emission pollOutput() {
        Emission emission = super.pollOutput();
        if (emission != null) {
            emissions.add(emission);
            crossings.accept(Crossing.OUTPUT);
        }
        return emission;
    }

    @Override
    public StateDigest digest() {
        crossings.accept(Crossing.DIGEST);
        long whole = fingerprint == null ? 0 : fingerprint.getAsLong();
        StateDigest digest = super.digest();
        digests.add(new Shared(inputs.size(), digest, whole));
        return digest;
    }
}
