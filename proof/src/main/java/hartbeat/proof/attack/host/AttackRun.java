package hartbeat.proof.attack.host;

import hartbeat.proof.attack.Attack;
import hartbeat.proof.attack.Attack.Life;
import hartbeat.proof.attack.Attack.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Lives on some threads, with a watch over steps that do not end. */
public final class AttackRun {
    /** A step takes microseconds, and seconds only on a host that has stopped. */
    private static final long STUCK_NANOS = 60_000_000_000L;

    private static final long LOOK_MILLIS = 500;

    private final long firstSeed;
    private final long lives;
    private final BooleanSupplier enough;
    private final Consumer<Result> results;
    private long taken;
    private volatile boolean interrupted;

    /**
     * @param lives how many, each with the next seed
     * @param results is given each result, one at a time
     * @param enough whether to leave off early; asked by every thread
     */
    public AttackRun(long firstSeed, long lives, Consumer<Result> results, BooleanSupplier enough) {
        this.firstSeed = firstSeed;
        this.lives = lives;
        this.results = results;
        this.enough = enough;
    }

    /** What a thread is at, for the watch. */
    private static final class Worker {
        volatile @Nullable Life life;
        volatile long step;
    }

    /** Runs on {@code jobs} threads until there is no more to do, or a step does not end: then its thread is left behind. */
    public void run(int jobs) throws InterruptedException {
        // Left running, a thread that is stuck must not keep the process.
        ExecutorService threads = Executors.newFixedThreadPool(jobs, work -> {
            Thread thread = new Thread(work, "attack");
            thread.setDaemon(true);
            return thread;
        });
        List<Worker> workers = new ArrayList<>();
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            Worker worker = new Worker();
            workers.add(worker);
            all.add(threads.submit(() -> work(worker)));
        }
        threads.shutdown();
        try {
            for (int i = 0; i < jobs; i++) {
                watch(workers.get(i), all.get(i));
            }
        } catch (InterruptedException e) {
            interrupted = true;
            throw e;
        } catch (ExecutionException e) {
            throw new IllegalStateException("attack: " + e.getCause(), e);
        }
    }

    private void watch(Worker worker, Future<?> work) throws InterruptedException, ExecutionException {
        Life life = worker.life;
        long step = worker.step;
        long sinceNanos = System.nanoTime();
        while (true) {
            try {
                work.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException busy) {
                Life lifeNow = worker.life;
                long stepNow = worker.step;
                if (stepNow != step || lifeNow == null || !lifeNow.equals(life)) {
                    life = lifeNow;
                    step = stepNow;
                    sinceNanos = System.nanoTime();
                } else if (System.nanoTime() - sinceNanos > STUCK_NANOS) {
                    tell(new Result(lifeNow, step, "step %d does not end".formatted(step), List.of()));
                    return;
                }
            }
        }
    }

    private void work(Worker worker) {
        try (Attack attack = new Attack()) {
            for (long seed = next();
                    seed < firstSeed + lives && !interrupted && !enough.getAsBoolean();
                    seed = next()) {
                worker.step = -1;
                worker.life = Life.of(seed);
                tell(attack.run(seed, step -> worker.step = step));
            }
        }
    }

    private synchronized long next() {
        return firstSeed + taken++;
    }

    private synchronized void tell(Result result) {
        results.accept(result);
    }
}
