package hartbeat.tools.compose;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.board.boot.BootImages;
import hartbeat.emulator.executor.translator.ExecutorKind;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.machine.Machine;
import hartbeat.ft.run.MachineGuest;
import hartbeat.ft.run.Pace;

/**
 * The first moments of a machine, played to nobody while its primary waits for a backup: what the JVM loads, links and compiles for them is
 * there when they come in earnest. The machine that plays them shares nothing with the one that is to run.
 */
final class WarmUp implements AutoCloseable {
    private static final int MOST_PIECES = 1_000;
    private static final long PIECE_INSTRUCTIONS = 100_000;
    private static final long MIPS = 50;

    private final Thread thread;
    private volatile boolean enough;

    WarmUp(BoardConfig config, BootImages images, ExecutorKind executor) {
        thread = Thread.ofPlatform()
                .daemon()
                .name("warm-up")
                .start(() -> play(Boards.build(config, images, executor).machine()));
    }

    private void play(Machine machine) {
        MachineGuest guest = new MachineGuest(machine);
        long rate = new Pace(MIPS).rate();
        guest.apply(new Input.TimeSample(0, rate));
        for (int pieces = 0; pieces < MOST_PIECES && !enough && goesOn(guest, rate); pieces++) {
            while (guest.pollOutput() != null) {
                // Nobody hears it.
            }
        }
        machine.memory().close();
    }

    /** Plays a piece; what it would wait for comes at once. */
    private static boolean goesOn(MachineGuest guest, long rate) {
        return switch (guest.runUntil(guest.icount() + PIECE_INSTRUCTIONS)) {
            case REACHED, OUTPUT -> true;
            case IDLE -> {
                long deadline = guest.deadlineMtime();
                guest.apply(new Input.TimeSample(deadline == -1 ? guest.mtime() : deadline, rate));
                yield deadline != -1;
            }
            case OFF -> false;
        };
    }

    /** What is still to be played is not: the processor is needed. */
    @Override
    public void close() {
        enough = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
