package hartbeat.ft.run.host;

import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.InputSink;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Bounded queue between back-end threads and the role's thread, one line per device, so that none holds up another. */
public final class InputQueue implements InputSink {
    private final List<Deque<Numbered>> lines = new ArrayList<>();
    private final int capacity;
    private final Runnable wake;
    private final Runnable roomAgain;
    private long offered;
    private boolean refused;

    private record Numbered(long number, Input input) {}

    /**
     * @param capacity inputs of one device
     * @param wake called, from the posting thread, when an input was posted
     * @param roomAgain called, from the role's thread, when an input was taken after one had been refused
     */
    public InputQueue(int devices, int capacity, Runnable wake, Runnable roomAgain) {
        this.capacity = capacity;
        this.wake = wake;
        this.roomAgain = roomAgain;
        for (int i = 0; i <= devices; i++) {
            lines.add(new ArrayDeque<>());
        }
    }

    @Override
    public boolean offer(Input input) {
        synchronized (this) {
            Deque<Numbered> line = lines.get(line(input));
            if (line.size() >= capacity) {
                refused = true;
                return false;
            }
            line.add(new Numbered(++offered, input));
        }
        wake.run();
        return true;
    }

    /** The oldest input that is admissible and first in its line, or null. */
    public @Nullable Input poll(Predicate<Input> admissible) {
        Input taken;
        boolean tell;
        synchronized (this) {
            Deque<Numbered> best = null;
            long bestNumber = Long.MAX_VALUE;
            for (Deque<Numbered> line : lines) {
                Numbered head = line.peek();
                if (head != null && head.number() < bestNumber && admissible.test(head.input())) {
                    best = line;
                    bestNumber = head.number();
                }
            }
            if (best == null) {
                return null;
            }
            taken = best.remove().input();
            tell = refused;
            refused = false;
        }
        if (tell) {
            roomAgain.run();
        }
        return taken;
    }

    private int line(Input input) {
        return input instanceof Input.ToDevice toDevice ? toDevice.device() + 1 : 0;
    }
}
