package hartbeat.proof.differential.host;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** Deals out seeds to threads, in order, until there are no more or it is enough. */
final class Seeds {
    private final AtomicLong next;
    private final long end;
    private final BooleanSupplier enough;
    private volatile boolean interrupted;

    /** What a thread does. */
    @FunctionalInterface
    interface Worker {
        void run(Seeds seeds) throws Exception;
    }

    /** @param end behind the last; {@link Long#MAX_VALUE} for no last one */
    Seeds(long first, long end, BooleanSupplier enough) {
        next = new AtomicLong(first);
        this.end = end;
        this.enough = enough;
    }

    /** The first of up to {@code count} seeds, or {@link Long#MAX_VALUE} if there are no more. */
    long take(long count) {
        long first = next.getAndAdd(count);
        return first >= end || spent() ? Long.MAX_VALUE : first;
    }

    long end() {
        return end;
    }

    boolean spent() {
        return interrupted || enough.getAsBoolean();
    }

    /** Runs on so many threads; a thread that was interrupted still is. */
    void run(int jobs, Worker worker) {
        try (ExecutorService threads = Executors.newFixedThreadPool(jobs)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < jobs; i++) {
                all.add(threads.submit(() -> {
                    worker.run(this);
                    return null;
                }));
            }
            try {
                for (Future<?> one : all) {
                    one.get();
                }
            } catch (InterruptedException e) {
                interrupted = true;
                threads.shutdownNow();
                Thread.currentThread().interrupt();
            }
        } catch (ExecutionException e) {
            if (!interrupted) {
                throw new IllegalStateException("differential execution: " + e.getCause(), e);
            }
        }
    }
}
