package hartbeat.ft.arbiter.host;

import hartbeat.ft.arbiter.Arbiter;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Asks a directory arbiter on a thread of its own, as shared storage may hang. */
public final class ArbiterThread implements Arbiter {
    private final DirectoryArbiter directory;
    private final Runnable wake;
    private final AtomicReference<@Nullable Asked> current = new AtomicReference<>();

    /** A question with its own place for the answer, so that a late one can never pass for the answer to the next question. */
    private static final class Asked {
        final Question question;
        volatile @Nullable Answer answer;

        Asked(Question question) {
            this.question = question;
        }
    }

    /** @param wake called when there is an answer */
    public ArbiterThread(DirectoryArbiter directory, Runnable wake) {
        this.directory = directory;
        this.wake = wake;
    }

    @Override
    public void ask(Question question) {
        Asked asked = new Asked(question);
        current.set(asked);
        Thread.ofPlatform().daemon().name("arbiter").start(() -> work(asked));
    }

    @Override
    public @Nullable Answer poll() {
        Asked asked = current.get();
        Answer found = asked == null ? null : asked.answer;
        if (found != null) {
            current.compareAndSet(asked, null);
        }
        return found;
    }

    private void work(Asked asked) {
        try {
            asked.answer = switch (asked.question) {
                case Claim claim -> directory.claim(claim);
                case Look _ -> directory.look();
            };
        } catch (RuntimeException e) {
            // Without any answer the role would wait for ever; with this one it asks again.
            asked.answer = new Unreachable("arbiter: " + e);
        }
        wake.run();
    }
}
