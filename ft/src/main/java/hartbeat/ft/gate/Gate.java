package hartbeat.ft.gate;

import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Output;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Holds external outputs, in order of their numbers, until the log that explains them is safe. */
public final class Gate {
    /** Outputs held at most before the machine must stop running; one instruction may add a few more. */
    public static final int CAPACITY = 4096;

    public static final int CAPACITY_BYTES = 8 << 20;

    private final OutputRule rule;
    private final LongSupplier delivered;
    private final Deque<Held> held = new ArrayDeque<>();
    private long heldBytes;
    private long acknowledged;
    private long lastNeeded;
    private long releasedNumber;
    private long releasedCount;
    private boolean open;

    private record Held(Emission emission, long positionNeeded, int bytes) {}

    public Gate(OutputRule rule) {
        this(rule, () -> Long.MAX_VALUE);
    }

    /** @param delivered number up to which whatever was sent has arrived, see {@code HostPort.delivered} */
    public Gate(OutputRule rule, LongSupplier delivered) {
        this.rule = rule;
        this.delivered = delivered;
    }

    /** @param nextPosition position that the next log entry will have */
    public void hold(Emission emission, long nextPosition) {
        Held item = new Held(emission, rule.positionNeeded(nextPosition), bytes(emission.output()));
        held.add(item);
        heldBytes += item.bytes();
        lastNeeded = Math.max(lastNeeded, item.positionNeeded());
    }

    /** Whether a held output waits for an entry that is not in the log yet: a marker must be appended and everything flushed. */
    public boolean needsEntry(long nextPosition) {
        return rule.marker() && !held.isEmpty() && lastNeeded >= nextPosition;
    }

    /** Every entry up to {@code position} is in the backup's memory. */
    public void acknowledged(long position) {
        acknowledged = Math.max(acknowledged, position);
    }

    /** There is no backup any more and this side has won the arbitration: nothing needs to be explained. */
    public void open() {
        open = true;
    }

    /** The next output that may leave, taken; null if none may. */
    public @Nullable Emission release() {
        Held head = held.peek();
        if (head == null || (!open && head.positionNeeded() > acknowledged)) {
            return null;
        }
        held.remove();
        heldBytes -= head.bytes();
        releasedNumber = head.emission().number();
        releasedCount++;
        return head.emission();
    }

    /** Whether {@link #release} would give one. */
    public boolean ready() {
        Held head = held.peek();
        return head != null && (open || head.positionNeeded() <= acknowledged);
    }

    public boolean full() {
        return held.size() >= CAPACITY || heldBytes >= CAPACITY_BYTES;
    }

    public int heldCount() {
        return held.size();
    }

    /** Number of the last output that left; all external ones before it left as well. */
    public long releasedNumber() {
        return releasedNumber;
    }

    /**
     * Number of the last output that has left and arrived, whatever becomes of this process now. Only such a one may be dropped by the
     * backup: one that waits in a socket's buffer here dies with this process.
     */
    public long deliveredNumber() {
        return Math.min(releasedNumber, delivered.getAsLong());
    }

    public long releasedCount() {
        return releasedCount;
    }

    private static int bytes(Output output) {
        return switch (output) {
            case Output.ConsoleOutput console -> console.bytes().length;
            case Output.FrameSent frame -> frame.frame().length;
            case Output.DiskRequest disk -> disk.data().length;
            case Output.EntropyRequest _, Output.PowerOff _, Output.Reset _ -> 0;
        };
    }
}
