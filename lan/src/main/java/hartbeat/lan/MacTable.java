package hartbeat.lan;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where each MAC address was seen last (IEEE 802.1D, 7.9). Bounded: the address not heard of for longest gives way. */
final class MacTable {
    /** Addresses remembered. */
    static final int CAPACITY = 4096;
    /** An address not heard of for so long is forgotten (802.1D, table 7-4). */
    static final long AGEING_NANOS = 300_000_000_000L;

    private final Map<Long, Entry> entries = new LinkedHashMap<>();

    private record Entry(LanPort port, long seenNanos) {}

    void learn(long mac, LanPort port, long nowNanos) {
        // Taken out first, so that the order of the map is the order of the last sightings.
        entries.remove(mac);
        entries.put(mac, new Entry(port, nowNanos));
        if (entries.size() > CAPACITY) {
            entries.remove(entries.keySet().iterator().next());
        }
    }

    @Nullable
    LanPort lookUp(long mac, long nowNanos) {
        Entry entry = entries.get(mac);
        return entry == null || nowNanos - entry.seenNanos > AGEING_NANOS ? null : entry.port;
    }

    void forget(LanPort port) {
        entries.values().removeIf(entry -> entry.port.equals(port));
    }

    int size() {
        return entries.size();
    }
}
