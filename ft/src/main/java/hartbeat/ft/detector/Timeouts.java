package hartbeat.ft.detector;

/**
 * Times of detector and lease.
 *
 * @param heartbeatMillis between two heartbeats
 * @param leaseMillis how long after sending something that the backup echoed a primary may still release outputs
 * @param backupSuspectsMillis silence after which a backup suspects its primary; more than the lease, by a margin for clocks that run
 *     differently
 * @param primarySuspectsMillis silence after which a primary suspects its backup and goes on alone
 * @param countedMillis how much of the time between two looks of a side counts as silence of the other; a side that looks more rarely
 *     was held up itself
 */
public record Timeouts(
        long heartbeatMillis,
        long leaseMillis,
        long backupSuspectsMillis,
        long primarySuspectsMillis,
        long countedMillis) {
    public static final Timeouts DEFAULT = new Timeouts(20, 200, 250, 2000, 50);

    public Timeouts {
        if (heartbeatMillis < 1 || leaseMillis < 3 * heartbeatMillis) {
            throw new IllegalArgumentException("lease: expected>=%d ms (three heartbeats), actual=%d ms"
                    .formatted(3 * heartbeatMillis, leaseMillis));
        }
        if (backupSuspectsMillis < leaseMillis + leaseMillis / 10) {
            throw new IllegalArgumentException("backup's suspicion: expected>=%d ms (lease and a tenth), actual=%d ms"
                    .formatted(leaseMillis + leaseMillis / 10, backupSuspectsMillis));
        }
    }

    /** The default, stretched or shrunk so that a backup suspects after this time. */
    public static Timeouts suspectingAfter(long millis) {
        return new Timeouts(
                Math.max(1, millis * 20 / 250),
                Math.max(3, millis * 200 / 250),
                millis,
                8 * millis,
                Math.max(1, millis * 50 / 250));
    }
}
