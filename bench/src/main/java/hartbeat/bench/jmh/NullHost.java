package hartbeat.bench.jmh;

import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.ft.run.HostPort;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A host side on which nothing happens: no input, and outputs that go nowhere. */
final class NullHost implements HostPort {
    @Override
    public @Nullable Input poll(Predicate<Input> admissible) {
        return null;
    }

    @Override
    public boolean canSend() {
        return true;
    }

    @Override
    public void send(long generation, Emission emission) {}

    @Override
    public void request(long generation, Output.FromDevice request) {}

    @Override
    public void logged(int device, long ticket) {}

    @Override
    public void live(long generation, long[] resumeAfterTicket) {}

    @Override
    public long fencedBy() {
        return 0;
    }
}
