package hartbeat.ft.run;

import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import org.jspecify.annotations.Nullable;

/** A machine without protection: inputs from the host, outputs straight out. */
public final class PlainRun implements Role {
    private final Guest guest;
    private final HostPort host;
    private final LiveInputs inputs;
    private final RunLoop loop;
    private boolean begun;
    private @Nullable Outcome outcome;

    /** @param recorder sees every input with its icount before it is applied, null for none */
    public PlainRun(Guest guest, HostPort host, Input.WallClock wallClock, @Nullable InputRecorder recorder) {
        this.guest = guest;
        this.host = host;
        this.inputs = new LiveInputs(host, wallClock);
        this.loop =
                new RunLoop(guest, recorder == null ? inputs : new RecordingSource(inputs, recorder), new Straight());
    }

    public LiveInputs inputs() {
        return inputs;
    }

    @Override
    public long poll(long nowNanos) {
        if (outcome != null) {
            return Step.FOREVER;
        }
        if (!begun) {
            begun = true;
            host.live(0, new long[guest.devices()]);
        }
        if (!host.canSend()) {
            return Step.FOREVER;
        }
        return loop.poll(nowNanos);
    }

    @Override
    public @Nullable Outcome outcome() {
        return outcome;
    }

    private final class Straight implements Outlet {
        @Override
        public void accept(Emission emission, long nowNanos) {
            switch (emission.output()) {
                case Output.DiskRequest request -> host.request(0, request);
                case Output.EntropyRequest request -> host.request(0, request);
                case Output.PowerOff off -> {
                    host.send(0, emission);
                    outcome = Outcomes.poweredOff(off);
                }
                case Output.ConsoleOutput _, Output.FrameSent _, Output.Reset _ -> host.send(0, emission);
            }
            host.flush();
        }

        @Override
        public boolean full() {
            return !host.canSend();
        }
    }
}
