package hartbeat.tools.compose;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.board.MacAddress;
import hartbeat.devices.board.MachineId;
import hartbeat.devices.board.RngSeed;
import hartbeat.devices.board.VirtBoard;
import hartbeat.devices.board.boot.BadImageException;
import hartbeat.devices.board.boot.BootImages;
import hartbeat.emulator.executor.translator.ExecutorKind;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.machine.Machine;
import hartbeat.firmware.Firmware;
import hartbeat.ft.channel.Secret;
import hartbeat.ft.run.MachineGuest;
import hartbeat.ft.run.Pace;
import java.util.List;

/**
 * The first moments of a machine, played to nobody while its primary waits for a backup: what the JVM loads, links and compiles for them is
 * there when they come in earnest. The machine that plays them shares nothing with the one that is to run.
 */
final class WarmUp implements AutoCloseable {
    private static final long MOST_INSTRUCTIONS = 100_000_000;
    /** Outputs and waits: an idle guest, or one that prints without end, is as warm as it will be. */
    private static final int MOST_STOPS = 100_000;

    /** What a second machine may take of the host for a while; larger ones start cold. */
    private static final long MOST_BYTES = 512L << 20;

    private static final long PIECE_INSTRUCTIONS = 100_000;
    private static final long MIPS = 50;
    private static final long ANY_BYTES = 8L << 20;
    private static final long ANY_INSTRUCTIONS = 5_000;

    private volatile boolean enough;

    /** Begins, on a thread of its own. */
    WarmUp(BoardConfig config, BootImages images, ExecutorKind executor) {
        Thread.ofPlatform().daemon().name("warm-up").start(() -> play(config, images, executor));
    }

    /**
     * Builds a small machine and runs its first instructions, and proves itself to nobody, so that what every backup needs is loaded and
     * linked before it is known which machine it will be.
     */
    static void ofAny(ExecutorKind executor) {
        new Secret(PairMachine.nonce()).mac("");
        BoardConfig config = new BoardConfig(
                new MachineId(0, 0),
                ANY_BYTES,
                1,
                BoardConfig.Transport.MODERN,
                List.of(),
                List.of(new BoardConfig.Nic(MacAddress.parse("52:54:00:00:00:01"), 0)),
                false,
                false,
                "",
                RngSeed.of(new byte[RngSeed.BYTES]));
        Machine machine = build(config, new BootImages(Firmware.image(), new byte[0], new byte[0]), executor);
        try {
            machine.runUntil(ANY_INSTRUCTIONS);
            machine.digest();
        } finally {
            machine.memory().close();
        }
    }

    /** Says nothing of an executor that is not to be had: the machine in earnest does. */
    private static Machine build(BoardConfig config, BootImages images, ExecutorKind executor) {
        try {
            return VirtBoard.build(config, images, executor.factory(_ -> {}));
        } catch (BadImageException e) {
            throw new IllegalStateException("these images make a machine", e);
        }
    }

    private void play(BoardConfig config, BootImages images, ExecutorKind executor) {
        if (config.memoryBytes() > MOST_BYTES) {
            return;
        }
        try {
            play(build(config, images, executor));
        } catch (RuntimeException | OutOfMemoryError e) {
            // The machine in earnest says what there is to say; at worst it starts cold.
            System.getLogger("hartbeat").log(System.Logger.Level.DEBUG, "nothing was warmed up", e);
        }
    }

    private void play(Machine machine) {
        MachineGuest guest = new MachineGuest(machine);
        long rate = new Pace(MIPS).rate();
        try {
            guest.apply(new Input.TimeSample(0, rate));
            for (int stops = 0; stops < MOST_STOPS && isWanted(guest) && goesOn(guest, rate); stops++) {
                while (guest.pollOutput() != null) {
                    // Nobody hears it.
                }
            }
        } finally {
            machine.memory().close();
        }
    }

    private boolean isWanted(MachineGuest guest) {
        return !enough && guest.icount() < MOST_INSTRUCTIONS;
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

    /** What is still to be played is not: the processor is needed. Does not wait, as nothing depends on where it ended. */
    @Override
    public void close() {
        enough = true;
    }
}
