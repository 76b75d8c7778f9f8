package hartbeat.proof.check;

import hartbeat.devices.host.disk.BlockStore;
import hartbeat.emulator.io.DiskStatus;
import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.proof.world.Probe;
import hartbeat.proof.world.World;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** What a disk must hold after a history of requests. */
final class DiskModel {
    /** As many as a queue of the device holds. */
    private static final int MOST_UNANSWERED = 256;

    private DiskModel() {}

    /**
     * Whether a disk holds what a history's requests make of it.
     *
     * @param stopped whether the user stopped the machine: requests without an answer may then have never left, in order from some on
     */
    static boolean holds(World world, Probe history, byte[] content, boolean stopped) {
        int unanswered = 0;
        byte[] all = expected(world, history, Integer.MAX_VALUE);
        while (stopped && unanswered <= MOST_UNANSWERED && !Arrays.equals(all, content)) {
            all = expected(world, history, unanswered++);
        }
        return Arrays.equals(all, content);
    }

    private static byte[] expected(World world, Probe history, int mostUnanswered) {
        int unanswered = 0;
        Map<Long, DiskStatus> ends = new TreeMap<>();
        for (Probe.Applied applied : history.inputs()) {
            if (applied.input() instanceof Input.DiskCompletion completion) {
                ends.put(completion.request(), completion.status());
            }
        }
        byte[] content = world.firstDisk();
        for (Emission emission : history.emissions()) {
            if (emission.output() instanceof Output.DiskRequest request
                    && ends.getOrDefault(request.request(), DiskStatus.OK) == DiskStatus.OK
                    && (ends.containsKey(request.request()) || unanswered++ < mostUnanswered)) {
                perform(request, content);
            }
        }
        return content;
    }

    private static void perform(Output.DiskRequest request, byte[] content) {
        int from = (int) request.sector() * BlockStore.SECTOR_BYTES;
        int bytes = request.sectors() * BlockStore.SECTOR_BYTES;
        switch (request.operation()) {
            case WRITE -> System.arraycopy(request.data(), 0, content, from, request.data().length);
            case DISCARD, WRITE_ZEROES -> Arrays.fill(content, from, from + bytes, (byte) 0);
            case READ, FLUSH -> {}
        }
    }
}
