package hartbeat.tools.prove;

import java.util.concurrent.atomic.AtomicLong;

/** When to tell how a campaign goes on: now and then, whichever thread asks. It counts the time from when it was made. */
public final class Ticker {
    private static final long USUAL_NANOS = 5_000_000_000L;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double LEAST_SECONDS = 1e-3;

    private final long periodNanos;
    private final long beganNanos = System.nanoTime();
    private final AtomicLong toldNanos = new AtomicLong(beganNanos);

    /** Every five seconds. */
    public Ticker() {
        this(USUAL_NANOS);
    }

    Ticker(long periodNanos) {
        this.periodNanos = periodNanos;
    }

    /** Whether it is time to tell again; one caller is told so in each period. */
    public boolean due() {
        long now = System.nanoTime();
        long told = toldNanos.get();
        return now - told >= periodNanos && toldNanos.compareAndSet(told, now);
    }

    public long nanos() {
        return System.nanoTime() - beganNanos;
    }

    /** Never nothing: it is divided by. */
    public double seconds() {
        return Math.max(LEAST_SECONDS, nanos() / NANOS_PER_SECOND);
    }
}
