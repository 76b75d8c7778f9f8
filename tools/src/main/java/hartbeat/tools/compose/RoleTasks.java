package hartbeat.tools.compose;

import hartbeat.ft.run.Role;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A role whose thread also answers questions of other threads, between two of its steps: the machine stands still then. */
final class RoleTasks implements Role {
    private final Role inner;
    private final Runnable wake;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Outcome ended;

    /** @param wake makes the role's thread poll soon */
    RoleTasks(Role inner, Runnable wake) {
        this.inner = inner;
        this.wake = wake;
    }

    /** Has the role's thread work something out. */
    <T> CompletableFuture<T> ask(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        tasks.add(() -> answer.complete(question.get()));
        wake.run();
        return answer;
    }

    /** Ends the role at its next step. */
    void end(Outcome outcome) {
        ended = outcome;
        wake.run();
    }

    @Override
    public long poll(long nowNanos) {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        return ended == null ? inner.poll(nowNanos) : nowNanos;
    }

    @Override
    public @Nullable Outcome outcome() {
        return ended == null ? inner.outcome() : ended;
    }
}
