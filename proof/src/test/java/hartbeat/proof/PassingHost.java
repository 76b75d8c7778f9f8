package hartbeat.proof;

import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.ft.run.HostPort;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A host side that passes everything on to another; what is to be different is overridden. */
abstract class PassingHost implements HostPort {
    private final HostPort inner;

    PassingHost(HostPort inner) {
        this.inner = inner;
    }

    @Override
    public @Nullable Input poll(Predicate<Input> admissible) {
        return inner.poll(admissible);
    }

    @Override
    public boolean canSend() {
        return inner.canSend();
    }

    @Override
    public void send(long generation, Emission emission) {
        inner.send(generation, emission);
    }

    @Override
    public void flush() {
        inner.flush();
    }

    @Override
    public long delivered() {
        return inner.delivered();
    }

    @Override
    public void request(long generation, Output.FromDevice request) {
        inner.request(generation, request);
    }

    @Override
    public void logged(int device, long ticket) {
        inner.logged(device, ticket);
    }

    @Override
    public void live(long generation, long[] resumeAfterTicket) {
        inner.live(generation, resumeAfterTicket);
    }

    @Override
    public long fencedBy() {
        return inner.fencedBy();
    }
}
