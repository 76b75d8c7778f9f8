package hartbeat.ft.run;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.io.Input;
import hartbeat.emulator.machine.Stop;
import hartbeat.ft.sim.SimHost;
import hartbeat.ft.sim.SimLan;
import hartbeat.ft.sim.ToyGuest;
import hartbeat.ft.sim.Wrapped;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class LiveInputsTest {
    private static final long MILLI = 1_000_000;

    private final SimLan lan = new SimLan();
    private final SimHost host = new SimHost("plain", lan, new byte[64 * 512], 1);
    private final List<Input> applied = new ArrayList<>();

    private final Wrapped guest = new Wrapped(new ToyGuest()) {
        @Override
        public void apply(Input input) {
            applied.add(input);
            long before = mtime();
            super.apply(input);
            assertThat(mtime()).as("time never goes back").isGreaterThanOrEqualTo(before);
        }
    };

    @Test
    void guestTimeFollowsHostTimeAShadeSlow() {
        PlainRun run = new PlainRun(guest, host, new Input.WallClock(42), null);
        long start = 7 * MILLI;
        long now = start;
        long worstBehind = 0;
        long worstAhead = 0;
        while (now < start + 2_000 * MILLI) {
            host.now(now);
            long before = guest.icount();
            long next = run.poll(now);
            now += 2_000 + (guest.icount() - before) * 9;
            long behind = (now - start) / 100 - guest.mtime();
            if (guest.icount() > before && now > start + 100 * MILLI) {
                worstBehind = Math.max(worstBehind, behind);
                worstAhead = Math.max(worstAhead, -behind);
            }
            now = Math.max(now, Math.min(next, now + MILLI));
        }
        assertThat(worstBehind).as("ticks of 100 ns").isLessThan(15_000);
        assertThat(worstAhead).isLessThan(5_000);
        assertThat(applied.get(0)).isInstanceOf(Input.TimeSample.class);
        assertThat(applied.get(1)).isEqualTo(new Input.WallClock(42));
        assertThat(applied.stream().filter(Input.TimeSample.class::isInstance).count())
                .isBetween(500L, 4_500L);
    }

    @Test
    void idleGuestGetsNoSamplesUntilItsDeadline() {
        LiveInputs inputs = new LiveInputs(host, null);
        guest.apply(applySample(inputs, 0));
        Stop stop = guest.runUntil(guest.icount() + 1_000);
        while (stop != Stop.IDLE) {
            while (guest.pollOutput() != null) {
                // Outputs do not matter here.
            }
            stop = guest.runUntil(guest.icount() + 1_000);
        }
        long deadlineNanos = guest.deadlineMtime() * 100;
        Step step = inputs.next(guest, Stop.IDLE, 1_000);
        assertThat(step).isEqualTo(new Step.Wait(deadlineNanos));
        assertThat(inputs.next(guest, Stop.IDLE, deadlineNanos - 1_000)).isInstanceOf(Step.Wait.class);
        assertThat(inputs.next(guest, Stop.IDLE, deadlineNanos)).isInstanceOf(Step.Apply.class);
    }

    private Input applySample(LiveInputs inputs, long now) {
        return ((Step.Apply) inputs.next(guest, Stop.REACHED, now)).input();
    }

    @Test
    void inputOfAnIdleGuestIsPrecededByTheTime() {
        LiveInputs inputs = new LiveInputs(host, null);
        guest.apply(applySample(inputs, 0));
        host.offer(new Input.ConsoleInput(ToyGuest.CONSOLE, 0, new byte[] {'x'}));
        assertThat(((Step.Apply) inputs.next(guest, Stop.IDLE, 5_000)).input()).isInstanceOf(Input.TimeSample.class);
        assertThat(((Step.Apply) inputs.next(guest, Stop.REACHED, 5_000)).input())
                .isInstanceOf(Input.ConsoleInput.class);
    }

    @Test
    void inputThatFindsNoRoomWaitsWithoutHoldingUpOthers() {
        Wrapped full = new Wrapped(new ToyGuest()) {
            @Override
            public int room(int device) {
                return device == ToyGuest.NET ? 0 : super.room(device);
            }
        };
        LiveInputs inputs = new LiveInputs(host, null);
        inputs.next(full, Stop.REACHED, 0);
        host.offer(new Input.FrameReceived(ToyGuest.NET, 1, new byte[16]));
        host.offer(new Input.ConsoleInput(ToyGuest.CONSOLE, 1, new byte[] {'x'}));
        assertThat(((Step.Apply) inputs.next(full, Stop.REACHED, 0)).input()).isInstanceOf(Input.ConsoleInput.class);
        assertThat(inputs.next(full, Stop.REACHED, 0)).isInstanceOf(Step.RunTo.class);
    }

    @Test
    void longConsoleInputGoesInPiecesAndTheTicketWithTheLast() {
        LiveInputs inputs = new LiveInputs(host, null);
        inputs.next(guest, Stop.REACHED, 0);
        host.offer(new Input.ConsoleInput(ToyGuest.CONSOLE, 9, new byte[40]));
        List<String> pieces = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Input.ConsoleInput piece = (Input.ConsoleInput) ((Step.Apply) inputs.next(guest, Stop.REACHED, 0)).input();
            pieces.add(piece.bytes().length + ":" + piece.ticket());
        }
        assertThat(pieces).containsExactly("16:0", "16:0", "8:9");
    }

    @Test
    void repeatOfATicketIsDropped() {
        LiveInputs inputs = new LiveInputs(host, null, new long[] {0, 0, 0, 5}, List.of());
        inputs.next(guest, Stop.REACHED, 0);
        host.offer(new Input.FrameReceived(ToyGuest.NET, 5, new byte[16]));
        host.offer(new Input.FrameReceived(ToyGuest.NET, 6, new byte[16]));
        host.offer(new Input.FrameReceived(ToyGuest.NET, 6, new byte[16]));
        Input.FrameReceived first = (Input.FrameReceived) ((Step.Apply) inputs.next(guest, Stop.REACHED, 0)).input();
        assertThat(first.ticket()).isEqualTo(6);
        assertThat(inputs.next(guest, Stop.REACHED, 0)).isInstanceOf(Step.RunTo.class);
    }

    @Test
    void quantumIsAboutAFifthOfAMillisecond() {
        Pace pace = new Pace(50);
        for (int i = 0; i < 1_000; i++) {
            pace.ran(pace.quantum(), pace.quantum() * 4);
        }
        assertThat(pace.mips()).isBetween(240.0, 260.0);
        assertThat(pace.quantum() * 4).isBetween(190_000L, 210_000L);
        assertThat(Stream.generate(() -> pace.step(0)).limit(6))
                .as("quanta of a machine in which nothing stirs")
                .extracting(step -> (double) step.icount() / pace.quantum())
                .containsExactly(1.0, 2.0, 3.0, 4.0, 5.0, 5.0);
        pace.stirred();
        assertThat(pace.step(0)).isEqualTo(new Step.RunTo(pace.quantum(), pace.quantum()));
        assertThat(pace.rate() / 4294967296.0).isBetween(0.038, 0.042);
    }
}
