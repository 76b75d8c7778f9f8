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
    private DiskModel() {}

    static byte[] expected(World world, Probe history) {
        Map<Long, DiskStatus> ends = new TreeMap<>();
        for (Probe.Applied applied : history.inputs()) {
            if (applied.input() instanceof Input.DiskCompletion completion) {
                ends.put(completion.request(), completion.status());
            }
        }
        byte[] content = world.firstDisk();
        for (Emission emission : history.emissions()) {
            if (emission.output() instanceof Output.DiskRequest request
                    && ends.getOrDefault(request.request(), DiskStatus.OK) == DiskStatus.OK) {
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
