package hartbeat.tools.process;

import hartbeat.tools.text.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One of a pair's processes (switch, primary or backup), known by the status lines that it prints. */
public final class Member implements AutoCloseable {
    private final String name;
    private final ManagedProcess process;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final List<Status> events = new ArrayList<>();
    private Status state = new Status(Map.of());

    /** A status line of a process: an event, or its state when {@code event} is {@code state}. */
    public record Status(Map<String, @Nullable Object> fields) {
        public String event() {
            return text("event");
        }

        public String text(String key) {
            return String.valueOf(fields.get(key));
        }

        public long number(String key) {
            return fields.get(key) instanceof Number number ? number.longValue() : 0;
        }

        public double real(String key) {
            return fields.get(key) instanceof Number number ? number.doubleValue() : Double.NaN;
        }
    }

    /** @param arguments of this program's own command line */
    public Member(String name, Path logDirectory, List<String> arguments) {
        this.name = name;
        process = ManagedProcess.start(
                name, OwnCommand.of(arguments), logDirectory.resolve(name + ".log"), this::statusLine);
    }

    public String name() {
        return name;
    }

    public ManagedProcess process() {
        return process;
    }

    /** The last state that the process told. */
    public Status state() {
        lock.lock();
        try {
            return state;
        } finally {
            lock.unlock();
        }
    }

    /** A state that was told after now; the last known if none comes within so long. */
    public Status freshState(long timeoutMillis) throws InterruptedException {
        long now = System.nanoTime();
        long deadline = now + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        lock.lock();
        try {
            while (state.number("nanos") <= now && System.nanoTime() < deadline && process.alive()) {
                boolean unused = news.await(10, TimeUnit.MILLISECONDS);
            }
            return state;
        } finally {
            lock.unlock();
        }
    }

    /** The first event of this kind, if it was told already. */
    @Nullable
    public Status event(String event) {
        lock.lock();
        try {
            return find(status -> status.event().equals(event));
        } finally {
            lock.unlock();
        }
    }

    /** Waits for an event; null if it has not come after so long or the process has ended without it. */
    @Nullable
    public Status awaitEvent(String event, long timeoutMillis) throws InterruptedException {
        return await(status -> status.event().equals(event), timeoutMillis);
    }

    /** Waits for this side to say that it is live with a generation above the one given. */
    @Nullable
    public Status awaitLive(long aboveGeneration, long timeoutMillis) throws InterruptedException {
        return await(
                status -> status.event().equals("live") && status.number("generation") > aboveGeneration,
                timeoutMillis);
    }

    /** Whether this side has said already that it is live with a generation above the one given: the message, or null. */
    public @Nullable Status liveAbove(long generation) {
        lock.lock();
        try {
            return find(status -> status.event().equals("live") && status.number("generation") > generation);
        } finally {
            lock.unlock();
        }
    }

    /** All events so far, for who looks for a failure's cause. */
    public List<Status> events() {
        lock.lock();
        try {
            return List.copyOf(events);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Status await(Predicate<Status> wanted, long timeoutMillis) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        lock.lock();
        try {
            Status found = find(wanted);
            while (found == null && System.nanoTime() < deadline && process.alive()) {
                boolean unused = news.await(10, TimeUnit.MILLISECONDS);
                found = find(wanted);
            }
            return found;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        process.close();
    }

    private @Nullable Status find(Predicate<Status> wanted) {
        return events.stream().filter(wanted).findFirst().orElse(null);
    }

    private void statusLine(String line) {
        Status status;
        try {
            status = new Status(Json.parseObject(line));
        } catch (IllegalArgumentException notJson) {
            // Whatever else a process prints is kept apart from what it says about itself.
            return;
        }
        lock.lock();
        try {
            if (status.event().equals("state")) {
                state = status;
            } else {
                events.add(status);
            }
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
