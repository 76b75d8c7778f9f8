package hartbeat.tools.faults;

import hartbeat.devices.host.HostException;
import hartbeat.proof.campaign.Finding;
import hartbeat.tools.UserError;
import hartbeat.tools.compose.OwnGuest;
import hartbeat.tools.process.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Lives one after the other, on some sites side by side. */
public final class Matrix {
    private static final int LINUX_EVERY = 8;

    private final Settings settings;
    private final Listener listener;
    private final AtomicLong next;
    private final @Nullable OwnGuest linux;
    private final long endNanos;
    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    private long lives;
    private long found;

    /** Which guests the pairs have. */
    public enum Guests {
        SERVICE,
        LINUX,
        /** {@link #LINUX} for every eighth seed, if it is built; otherwise {@link #SERVICE}. */
        BOTH
    }

    /**
     * What is tried.
     *
     * @param seed of the first life; the next has the next
     * @param runs lives at most
     * @param nanos when to begin no more; {@link Long#MAX_VALUE} for never
     * @param only kinds of faults
     * @param guests of the pairs
     * @param jobs lives side by side
     * @param suspectMillis of the pairs
     */
    public record Settings(
            long seed, long runs, long nanos, Set<Kind> only, Guests guests, int jobs, long suspectMillis) {
        /** The command that repeats one life. */
        String command(long lifeSeed) {
            String kinds = only.size() == Kind.values().length
                    ? ""
                    : " --only "
                            + String.join(",", only.stream().map(Kind::option).toList());
            return "./hartbeat faults --seed %d --runs 1 --suspect-after %d --guest %s%s"
                    .formatted(lifeSeed, suspectMillis, guests.name().toLowerCase(Locale.ROOT), kinds);
        }
    }

    /** Hears how it goes on, one thing at a time. */
    public interface Listener {
        /** A fault was taken as it must be. */
        void tried(Kind kind);

        /** Something was not as it must be. @param logs where to look */
        void found(Finding finding, Path logs);
    }

    public Matrix(Settings settings, Listener listener) {
        this.settings = settings;
        this.listener = listener;
        next = new AtomicLong(settings.seed());
        linux = settings.guests() == Guests.SERVICE ? null : OwnGuest.find();
        endNanos = settings.nanos() == Long.MAX_VALUE ? Long.MAX_VALUE : System.nanoTime() + settings.nanos();
    }

    /** Runs until all is tried or the time is over. */
    public void run() throws InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(settings.jobs())) {
            List<Future<?>> lanes = IntStream.range(0, settings.jobs())
                    .<Future<?>>mapToObj(_ -> threads.submit(() -> {
                        lane();
                        return true;
                    }))
                    .toList();
            for (Future<?> lane : lanes) {
                lane.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException known) {
                throw known;
            }
            if (e.getCause() instanceof HostException known) {
                throw UserError.failed(String.valueOf(known.getMessage()), known.hint(), known);
            }
            throw new IllegalStateException("faults: " + e.getCause(), e);
        }
    }

    private boolean over() {
        return Thread.currentThread().isInterrupted()
                || (endNanos != Long.MAX_VALUE && System.nanoTime() - endNanos >= 0);
    }

    private void lane() throws HostException, IOException, InterruptedException {
        try (RunDirectory directory = RunDirectory.create("hartbeat-faults");
                Site site = new Site(directory.path(), settings.seed())) {
            Guest service = new ServiceGuest(directory.path());
            for (long seed = next.getAndIncrement();
                    seed < settings.seed() + settings.runs() && !over();
                    seed = next.getAndIncrement()) {
                Path logs = Files.createDirectory(directory.resolve("life-" + seed));
                Guest guest = isForLinux(seed) && linux != null ? new LinuxGuest(linux) : service;
                RandomGenerator random = Plan.random(seed);
                Plan plan = Plan.draw(random, settings.only(), guest);
                String wrong = new Life(site, guest, plan, random, settings.suspectMillis(), logs, this::tried).run();
                lived(wrong, seed, plan, guest, directory, logs);
            }
        }
    }

    private boolean isForLinux(long seed) {
        return settings.guests() == Guests.LINUX || Math.floorMod(seed, LINUX_EVERY) == 0;
    }

    private synchronized void lived(
            @Nullable String wrong, long seed, Plan plan, Guest guest, RunDirectory directory, Path logs) {
        lives++;
        if (wrong != null) {
            found++;
            directory.keep();
            listener.found(
                    new Finding("%s, %s: %s".formatted(guest.name(), plan, wrong), settings.command(seed)), logs);
        }
    }

    private synchronized void tried(Kind kind) {
        counts.merge(kind, 1L, Long::sum);
        listener.tried(kind);
    }

    /** How many of each kind were tried. */
    public synchronized Map<Kind, Long> counts() {
        return new EnumMap<>(counts);
    }

    /** Pairs that lived. */
    public synchronized long lives() {
        return lives;
    }

    /** How many of them showed something that must not be. */
    public synchronized long found() {
        return found;
    }
}
