package hartbeat.ft.role;

import hartbeat.emulator.io.Input;
import hartbeat.ft.log.ReplaySource;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Completions of a backup's own disks that the log has not confirmed yet. */
final class LocalCompletions implements ReplaySource.LocalDisk {
    private final TreeMap<Integer, TreeMap<Long, Input.DiskCompletion>> byDevice = new TreeMap<>();

    void add(Input.DiskCompletion completion) {
        byDevice.computeIfAbsent(completion.device(), _ -> new TreeMap<>()).put(completion.request(), completion);
    }

    @Override
    public Input.@Nullable DiskCompletion peek(int device, long request) {
        TreeMap<Long, Input.DiskCompletion> requests = byDevice.get(device);
        return requests == null ? null : requests.get(request);
    }

    @Override
    public void take(int device, long request) {
        TreeMap<Long, Input.DiskCompletion> requests = byDevice.get(device);
        if (requests != null) {
            requests.remove(request);
        }
    }

    /** What no log confirms any more, in order of the requests: the machine is told once it is live. */
    List<Input> takeAll() {
        List<Input> rest = new ArrayList<>();
        byDevice.values().forEach(requests -> rest.addAll(requests.values()));
        byDevice.clear();
        return rest;
    }
}
