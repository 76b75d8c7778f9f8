package hartbeat.emulator.bus;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The physical address space outside RAM: finds the device that an address belongs to. */
public final class Bus {
    /**
     * @param base first physical address
     * @param size bytes
     */
    public record Region(long base, long size, MmioDevice device) {
        private boolean holds(long address, int width) {
            long offset = address - base;
            return offset >= 0 && offset <= size - width;
        }
    }

    private final List<Region> regions = new ArrayList<>();
    /** Where it was found last: who speaks to a device mostly speaks to it again. */
    private @Nullable Region recent;

    /** Called while the board is built. */
    public void attach(long base, long size, MmioDevice device) {
        for (Region other : regions) {
            if (base < other.base() + other.size() && other.base() < base + size) {
                throw new IllegalArgumentException("region of %s at 0x%x overlaps %s at 0x%x"
                        .formatted(device.name(), base, other.device().name(), other.base()));
            }
        }
        regions.add(new Region(base, size, device));
    }

    /** The region that holds all of {@code [address, address + width)}, or null: an access fault. */
    public @Nullable Region find(long address, int width) {
        Region known = recent;
        if (known != null && known.holds(address, width)) {
            return known;
        }
        for (Region region : regions) {
            if (region.holds(address, width)) {
                recent = region;
                return region;
            }
        }
        return null;
    }
}
