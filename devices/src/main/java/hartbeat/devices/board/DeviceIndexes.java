package hartbeat.devices.board;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Where each device of a board stands in the machine's list of devices: the {@code device} of its inputs and outputs. It follows from
 * the configuration alone, so that back-ends can be connected before there is a machine.
 *
 * @param uart the serial console
 * @param drives one per drive, in their order
 * @param nics one per network device, in their order
 * @param rng the entropy device, -1 if there is none
 * @param console the virtio console, -1 if there is none
 */
public record DeviceIndexes(int uart, List<Integer> drives, List<Integer> nics, int rng, int console) {
    static final int CLINT = 0;
    static final int PLIC = 1;
    static final int UART = 2;
    static final int RTC = 3;
    static final int SYSCON = 4;
    static final int ROM = 5;
    /** The device in virtio slot 0; the other slots follow, empty ones too. */
    static final int VIRTIO = 6;

    public DeviceIndexes {
        drives = List.copyOf(drives);
        nics = List.copyOf(nics);
    }

    public static DeviceIndexes of(BoardConfig config) {
        int nics = VIRTIO + config.drives().size();
        int rng = nics + config.nics().size();
        int console = rng + (config.rng() ? 1 : 0);
        return new DeviceIndexes(
                UART,
                IntStream.range(VIRTIO, nics).boxed().toList(),
                IntStream.range(nics, rng).boxed().toList(),
                config.rng() ? rng : -1,
                config.console() ? console : -1);
    }
}
