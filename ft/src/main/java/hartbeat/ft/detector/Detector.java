package hartbeat.ft.detector;

/** Suspects a peer that was silent for too long; a pause of this side itself does not count as the peer's silence. */
public final class Detector {
    private final long suspectNanos;
    private final long graceNanos;
    private final long heldUpNanos;
    private long heardNanos;
    private long polledNanos;
    private long longestSilenceNanos;
    private boolean heardSincePoll;

    /**
     * @param suspectNanos silence after which the peer is suspected
     * @param graceNanos silence that a peer has left at least when this side was held up itself
     */
    public Detector(long suspectNanos, long graceNanos, long nowNanos) {
        this.suspectNanos = suspectNanos;
        this.graceNanos = graceNanos;
        this.heldUpNanos = graceNanos;
        this.heardNanos = nowNanos;
        this.polledNanos = nowNanos;
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
        longestSilenceNanos = Math.max(longestSilenceNanos, nowNanos - heardNanos);
        heardNanos = nowNanos;
        heardSincePoll = true;
    }

    /** To be called at least every few milliseconds, after everything that has arrived was heard. @return whether the peer is suspected */
    public boolean suspects(long nowNanos) {
        if (heardSincePoll && nowNanos > heardNanos) {
            heardNanos = nowNanos;
            heardSincePoll = false;
        }
        if (nowNanos - polledNanos > heldUpNanos) {
            heardNanos = Math.max(heardNanos, nowNanos - suspectNanos + graceNanos);
        }
        polledNanos = nowNanos;
        return nowNanos - heardNanos >= suspectNanos;
    }

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
