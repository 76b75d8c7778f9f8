package hartbeat.proof.attack;

import hartbeat.emulator.io.DiskOperation;
import hartbeat.emulator.io.DiskStatus;
import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.proof.attack.Step.How;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The host behind an attacked machine: remembers what it was asked for, and a hash of everything that came out. */
final class Requests {
    private static final int SECTOR_BYTES = 512;
    /** More outputs than the longest rings of one device can ask for at once. */
    private static final int MOST_OUTPUTS = 1024;

    private static final long MOST_BYTES = 64L << 20;

    private final Map<Integer, Deque<Output>> open = new TreeMap<>();
    private final Map<String, Integer> made = new TreeMap<>();
    private long hash;
    private int outputs;
    private long bytes;

    /** Counts what one step makes from here on. */
    void begin() {
        outputs = 0;
        bytes = 0;
    }

    /** Forgets everything. */
    void clear() {
        open.clear();
        made.clear();
        hash = 0;
    }

    /** Outputs of each kind. */
    Map<String, Integer> made() {
        return made;
    }

    long hash() {
        return hash;
    }

    void take(Emission emission) {
        mix(emission.number());
        mix(emission.icount());
        outputs++;
        made.merge(emission.output().getClass().getSimpleName(), 1, Integer::sum);
        switch (emission.output()) {
            case Output.ConsoleOutput console -> mix(console.device(), console.bytes());
            case Output.FrameSent sent -> mix(sent.device(), sent.frame());
            case Output.DiskRequest request -> {
                mix(request.device(), request.data());
                mix(request.request() * 8 + request.operation().ordinal());
                mix(request.sector());
                mix(request.sectors());
                remember(request.device(), request);
            }
            case Output.EntropyRequest request -> {
                mix(request.device());
                mix(request.request());
                mix(request.length());
                remember(request.device(), request);
            }
            case Output.PowerOff off -> mix(off.exitCode());
            case Output.Reset _ -> mix(1);
        }
        if (outputs > MOST_OUTPUTS || bytes > MOST_BYTES) {
            throw new Violation("one step made %d outputs, %d bytes".formatted(outputs, bytes));
        }
    }

    private void remember(int device, Output request) {
        open.computeIfAbsent(device, _ -> new ArrayDeque<>()).add(request);
    }

    /** Devices that wait for an answer. */
    List<Integer> asking() {
        return open.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** What the host says to the oldest open request of a device, or null if there is none. */
    @Nullable
    Input answer(int device, How how) {
        Deque<Output> waiting = open.get(device);
        Output request = waiting == null ? null : how == How.OTHER_NUMBER ? waiting.peek() : waiting.poll();
        return switch (request) {
            case Output.DiskRequest disk -> answer(disk, how);
            case Output.EntropyRequest entropy ->
                new Input.Entropy(
                        device,
                        entropy.request() + (how == How.OTHER_NUMBER ? 1 : 0),
                        filled(entropy.length() + (how == How.OTHER_LENGTH ? 1 : 0), entropy.request()));
            case null, default -> null;
        };
    }

    private static Input answer(Output.DiskRequest disk, How how) {
        int read = disk.operation() == DiskOperation.READ ? disk.sectors() * SECTOR_BYTES : 0;
        int length = how == How.FAILED ? 0 : how == How.OTHER_LENGTH ? read + SECTOR_BYTES : read;
        return new Input.DiskCompletion(
                disk.device(),
                disk.request() + (how == How.OTHER_NUMBER ? 1 : 0),
                how == How.FAILED ? DiskStatus.IO_ERROR : DiskStatus.OK,
                filled(length, disk.request()));
    }

    private static byte[] filled(int length, long number) {
        byte[] data = new byte[length];
        for (int i = 0; i < length; i += 64) {
            data[i] = (byte) (number + i / 64);
        }
        return data;
    }

    private void mix(int device, byte[] data) {
        bytes += data.length;
        mix(device);
        mix(data.length);
        mix(Arrays.hashCode(data));
    }

    private void mix(long value) {
        hash = (hash ^ value) * 0x9e3779b97f4a7c15L;
        hash ^= hash >>> 29;
    }
}
