package hartbeat.ft.arbiter.host;

import hartbeat.ft.arbiter.Arbiter;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Asks a directory arbiter on a thread of its own, as shared storage may hang. */
public final class ArbiterThread implements Arbiter {
    private final DirectoryArbiter directory;
    private final Runnable wake;
    private final AtomicReference<@Nullable Asked> current = new AtomicReference<>();
    private final AtomicReference<@Nullable Answer> answer = new AtomicReference<>();

    private record Asked(Question question) {}

    /** @param wake called when there is an answer */
    public ArbiterThread(DirectoryArbiter directory, Runnable wake) {
        this.directory = directory;
        this.wake = wake;
    }

    @Override
    public void ask(Question question) {
        Asked asked = new Asked(question);
        answer.set(null);
        current.set(asked);
        Thread.ofPlatform().daemon().name("arbiter").start(() -> work(asked));
    }

    @Override
    public @Nullable Answer poll() {
        return answer.getAndSet(null);
    }

    private void work(Asked asked) {
        Answer found = switch (asked.question()) {
            case Claim claim -> directory.claim(claim);
            case Look _ -> directory.look();
        };
        if (current.compareAndSet(asked, null)) {
            answer.set(found);
            wake.run();
        }
    }
}
