package hartbeat.proof.host;

import hartbeat.proof.Simulation.Result;
import hartbeat.proof.Simulations;
import hartbeat.proof.Work;
import hartbeat.proof.world.Composition;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Works off a campaign on some threads. */
public final class Campaign {
    private final Iterator<Work> work;
    private final Consumer<Result> results;
    private final long endNanos;

    /**
     * @param work asked for more until there is none or the time is over
     * @param results is given each result, one at a time
     * @param forNanos when to leave off, {@link Long#MAX_VALUE} for when there is no more work
     */
    public Campaign(Iterator<Work> work, Consumer<Result> results, long forNanos) {
        this.work = work;
        this.results = results;
        this.endNanos = forNanos == Long.MAX_VALUE ? forNanos : System.nanoTime() + forNanos;
    }

    /** Runs on {@code jobs} threads until there is no more to do. */
    public void run(int jobs) throws InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(jobs)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < jobs; i++) {
                all.add(threads.submit(this::work));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("simulation: " + e.getCause(), e);
        }
    }

    private void work() {
        BooleanSupplier enough = () -> endNanos != Long.MAX_VALUE && System.nanoTime() - endNanos >= 0;
        try (Simulations simulations = new Simulations(Composition.PRODUCT)) {
            for (Work next = next(); next != null && !enough.getAsBoolean(); next = next()) {
                next.run(simulations, this::tell, enough);
            }
        }
    }

    private synchronized @Nullable Work next() {
        return work.hasNext() ? work.next() : null;
    }

    private synchronized void tell(Result result) {
        results.accept(result);
    }
}
