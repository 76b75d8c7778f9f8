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

/** Works off simulations on some threads. */
public final class Workers {
    private final Iterator<Work> work;
    private final Consumer<Result> results;
    private final BooleanSupplier enough;
    private volatile boolean interrupted;

    /**
     * @param work asked for more until there is none or it is enough
     * @param results is given each result, one at a time
     * @param enough whether to leave off early; asked by every thread
     */
    public Workers(Iterator<Work> work, Consumer<Result> results, BooleanSupplier enough) {
        this.work = work;
        this.results = results;
        this.enough = enough;
    }

    /** Runs on {@code jobs} threads until there is no more to do. */
    public void run(int jobs) throws InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(jobs)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < jobs; i++) {
                all.add(threads.submit(this::work));
            }
            try {
                for (Future<?> one : all) {
                    one.get();
                }
            } catch (InterruptedException e) {
                interrupted = true;
                throw e;
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("simulation: " + e.getCause(), e);
        }
    }

    private void work() {
        BooleanSupplier enough = () -> interrupted || this.enough.getAsBoolean();
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
