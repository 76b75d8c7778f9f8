package hartbeat.ft.role;

import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Requests that the machine has made and that no input has answered yet: what must be asked again at promotion. Each request is
 * answered exactly once, even if its device was reset meanwhile.
 */
final class Outstanding {
    private final TreeMap<Key, Output.FromDevice> requests = new TreeMap<>();

    private record Key(int device, long request) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byDevice = Integer.compare(device, other.device);
            return byDevice != 0 ? byDevice : Long.compare(request, other.request);
        }
    }

    void emitted(Output output) {
        switch (output) {
            case Output.DiskRequest disk -> requests.put(new Key(disk.device(), disk.request()), disk);
            case Output.EntropyRequest entropy -> requests.put(new Key(entropy.device(), entropy.request()), entropy);
            case Output.ConsoleOutput _, Output.FrameSent _, Output.PowerOff _, Output.Reset _ -> {}
        }
    }

    void applied(Input input) {
        switch (input) {
            case Input.DiskCompletion disk -> requests.remove(new Key(disk.device(), disk.request()));
            case Input.Entropy entropy -> requests.remove(new Key(entropy.device(), entropy.request()));
            case Input.ConsoleInput _, Input.FrameReceived _, Input.TimeSample _, Input.WallClock _ -> {}
        }
    }

    /** In order of devices and requests. */
    List<Output.FromDevice> list() {
        return new ArrayList<>(requests.values());
    }
}
