package hartbeat.ft.detector;

/**
 * Suspects a peer that was silent for too long. Only time in which this side was awake itself counts as the peer's silence: of the
 * time between two looks no more than a small part does, however long it was, as what the peer said meanwhile may not have been read, and
 * whatever held up this side may have held up the peer as well.
 */
public final class Detector {
    private final long suspectNanos;
    private final long countedNanos;
    /** When the peer was heard, moved on by the time that does not count. */
    private long heardNanos;

    private long lookedNanos;
    private long longestSilenceNanos;
    private boolean heardSinceLook;

    /**
     * @param suspectNanos silence after which the peer is suspected
     * @param countedNanos how much of the time between two looks counts at most
     */
    public Detector(long suspectNanos, long countedNanos, long nowNanos) {
        this.suspectNanos = suspectNanos;
        this.countedNanos = countedNanos;
        this.heardNanos = nowNanos;
        this.lookedNanos = nowNanos;
    }

    /** A peer that was never heard yet may be busy starting; it has this much longer. */
    public void expectFirst(long patienceNanos) {
        heardNanos += patienceNanos;
    }

    /**
     * The peer was heard, by somebody who read the clock at {@code nowNanos} and then looked. It may have spoken later than that: if this
     * side was held up in between, what it found was sent after {@code nowNanos}. So the silence counts from the next reading of the
     * clock, which is not before the peer spoke; the lease rests on it.
     */
    public void heard(long nowNanos) {
        look(nowNanos);
        longestSilenceNanos = Math.max(longestSilenceNanos, nowNanos - heardNanos);
        heardNanos = nowNanos;
        heardSinceLook = true;
    }

    /** To be called at least every few milliseconds, after everything that has arrived was heard. @return whether the peer is suspected */
    public boolean suspects(long nowNanos) {
        look(nowNanos);
        if (heardSinceLook && nowNanos > heardNanos) {
            heardNanos = nowNanos;
            heardSinceLook = false;
        }
        return silenceNanos(nowNanos) >= suspectNanos;
    }

    /** What the peer said since the last look may still lie unread, on this side's own account: none of that time counts. */
    public void unread(long nowNanos) {
        if (heardNanos < nowNanos) {
            heardNanos = Math.min(nowNanos, heardNanos + nowNanos - lookedNanos);
        }
        lookedNanos = nowNanos;
    }

    private void look(long nowNanos) {
        long uncounted = nowNanos - lookedNanos - countedNanos;
        if (uncounted > 0 && heardNanos < nowNanos) {
            heardNanos = Math.min(nowNanos, heardNanos + uncounted);
        }
        lookedNanos = nowNanos;
    }

    /** The silence so far, as far as it counts. */
    public long silenceNanos(long nowNanos) {
        return nowNanos - heardNanos;
    }

    /** The longest silence that ended with a sign of life: how near a false alarm was. */
    public long longestSilenceNanos() {
        return longestSilenceNanos;
    }

    /** When the peer will be suspected if nothing is heard. */
    public long deadlineNanos() {
        return heardNanos + suspectNanos;
    }
}
