package hartbeat.proof.differential;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.board.MachineId;
import hartbeat.devices.board.RngSeed;
import hartbeat.devices.board.VirtBoard;
import hartbeat.devices.board.boot.BadImageException;
import hartbeat.devices.board.boot.BootImages;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.machine.Machine;
import hartbeat.emulator.machine.Stop;
import hartbeat.emulator.memory.GuestMemory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Runs batches of streams on a machine of ours. Streams that do not end (they loop, or wait for what never comes) are left out. */
final class StreamMachine implements AutoCloseable {
    private static final byte[] NONE = {};
    private static final long QUANTUM = 400_000;
    /** So many instructions without a stream's end, of which the harness takes a sixth, are a loop. */
    private static final int PATIENCE = 3;
    /** 10 MHz of machine time at 40 million instructions per second. */
    private static final long RATE = 1L << 30;

    private final Machine machine;
    private final byte[] first;

    /**
     * What a batch gave.
     *
     * @param results of all streams; what was left out has not ended
     * @param excluded which streams were left out
     */
    record Ran(List<StreamResult> results, List<Boolean> excluded) {}

    StreamMachine(Contender contender) {
        BoardConfig config = new BoardConfig(
                new MachineId(1, 2),
                StreamImage.MEMORY_BYTES,
                1,
                BoardConfig.Transport.MODERN,
                List.of(),
                List.of(),
                false,
                false,
                "",
                new RngSeed(1, 2, 3, 4));
        try {
            machine = VirtBoard.build(config, new BootImages(StreamImage.harness(), NONE, NONE), contender.factory());
        } catch (BadImageException e) {
            throw new IllegalStateException("stream harness: " + e.getMessage(), e);
        }
        first = machine.save();
    }

    /** Runs streams that are all {@link Stream#locked} or all not. */
    Ran run(List<Stream> streams) {
        List<Boolean> excluded = new ArrayList<>(Collections.nCopies(streams.size(), false));
        byte[] bytes = new byte[StreamImage.resultsBytes(streams.size())];
        for (int from = 0; from < streams.size(); ) {
            int ended = attempt(streams, from);
            int at = StreamImage.resultsBytes(from);
            int length = StreamImage.resultsBytes(ended - from);
            machine.memory().read(GuestMemory.BASE + StreamImage.resultsOffset() + at, bytes, at, length);
            if (ended < streams.size()) {
                excluded.set(ended, true);
            }
            from = ended + 1;
        }
        return new Ran(StreamImage.results(bytes), excluded);
    }

    Machine machine() {
        return machine;
    }

    /** Makes ready to run these. */
    void start(List<Stream> streams) {
        start(streams, 0);
    }

    private void start(List<Stream> streams, int from) {
        List<Boolean> excluded = new ArrayList<>(Collections.nCopies(streams.size(), false));
        Collections.fill(excluded.subList(0, from), true);
        machine.restore(first);
        byte[] batch = StreamImage.batch(streams, excluded);
        machine.memory().write(GuestMemory.BASE + StreamImage.batchOffset(), batch, 0, batch.length);
        machine.apply(new Input.TimeSample(0, RATE));
    }

    /** Begins with one of the streams; how many have ended when one does not, or all of them. */
    private int attempt(List<Stream> streams, int from) {
        start(streams, from);
        int finished = from;
        int patience = PATIENCE;
        while (true) {
            Stop stop = machine.runUntil(machine.icount() + QUANTUM);
            // A stream may write to the counter as well; those that have ended stay ended.
            int counted = machine.memory().i32(GuestMemory.BASE + StreamImage.finishedOffset());
            int now = Math.clamp(counted, finished, streams.size());
            if (machine.powerOff() != null) {
                return streams.size();
            }
            if (stop == Stop.OUTPUT) {
                machine.pollOutput();
            }
            patience = now > finished ? PATIENCE : patience - 1;
            if (stop == Stop.IDLE || patience == 0) {
                return now;
            }
            finished = now;
        }
    }

    @Override
    public void close() {
        machine.memory().close();
    }
}
