package hartbeat.devices;

import java.util.EnumMap;
import java.util.Map;

/**
 * Counters of what a guest, or a log, did wrong to one device. They are for people: no part of the machine reads them, so they
 * are no state and are not saved.
 */
public final class Mistakes {

    /** Kinds of mistakes. */
    public enum Kind {
        /** Access to a register that does not exist, or with a width that it does not have. */
        BAD_REGISTER_ACCESS,
        /** A register was written while its value could not be changed. */
        WRITE_OUT_OF_TURN,
        /** A virtqueue whose address, size or alignment cannot be. */
        BAD_QUEUE,
        /** A descriptor chain that loops, is too long, or leaves memory; a ring index that jumped. */
        BAD_CHAIN,
        /** A request that makes no sense to the device, answered by an error. */
        BAD_REQUEST,
        /** A notification for no queue, or before the device was started. */
        BAD_NOTIFY,
        /** Input that was lost because the device had no room for it or was not started. */
        INPUT_DROPPED,
        /** Input that fits no request of this device. */
        INPUT_UNEXPECTED
    }

    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);

    public void count(Kind kind) {
        counts.merge(kind, 1L, Long::sum);
    }

    public long of(Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    /** All mistakes together. */
    public long total() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public String toString() {
        return counts.toString();
    }
}
