package hartbeat.ft.role;

import hartbeat.emulator.io.Input;
import hartbeat.ft.run.HostPort;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** Which tickets of keepers the machine holds, and from which log position on they are safe. */
final class Tickets {
    private final Deque<Logged> unsafe = new ArrayDeque<>();
    private final boolean tells;
    private long[] applied;

    private record Logged(long position, int device, long ticket) {}

    /** @param tells whether this side tells keepers what is safe; a backup only remembers */
    Tickets(long[] applied, boolean tells) {
        this.tells = tells;
        this.applied = applied.clone();
    }

    /**
     * The machine takes the input.
     *
     * @param position of the log entry that holds it
     */
    void applied(Input input, long position) {
        switch (input) {
            case Input.ConsoleInput console -> note(console.device(), console.ticket(), position);
            case Input.FrameReceived frame -> note(frame.device(), frame.ticket(), position);
            case Input.TimeSample _, Input.WallClock _, Input.DiskCompletion _, Input.Entropy _ -> {}
        }
    }

    private void note(int device, long ticket, long position) {
        if (ticket == 0) {
            return;
        }
        if (device >= applied.length) {
            applied = Arrays.copyOf(applied, device + 1);
        }
        applied[device] = Math.max(applied[device], ticket);
        if (tells) {
            unsafe.add(new Logged(position, device, ticket));
        }
    }

    /** Tells the keepers what the backup holds. */
    void acknowledged(long position, HostPort host) {
        while (!unsafe.isEmpty() && unsafe.getFirst().position() <= position) {
            Logged first = unsafe.removeFirst();
            host.logged(first.device(), first.ticket());
        }
    }

    /** By device: the last ticket that the machine holds. @param devices how many the machine has */
    long[] applied(int devices) {
        return Arrays.copyOf(applied, Math.max(devices, applied.length));
    }
}
