package hartbeat.ft.role;

/**
 * What a role is doing now, for the status line and for figures.
 *
 * @param role {@code primary}, {@code backup} or {@code live} (alone)
 * @param phase as in the picture of the package
 * @param icount of the machine
 * @param mips million instructions per second, over the last second
 * @param busyMips speed of the machine while it is not idle; 0 for a backup
 * @param lagMillis how far the backup is behind, host time
 * @param slowedMillis how long the machine has rested in all, so that the backup can keep up; 0 for a backup
 * @param logKbitPerSecond log written or read, over the last second
 * @param logBytes log written or read since the start
 * @param heldOutputs held at the gate, or withheld by a backup
 * @param releasedOutputs let out by this side
 * @param digests taken, or compared and found equal
 * @param logPosition last position written or received
 * @param safePosition last position acknowledged (primary) or executed (backup)
 * @param longestSilenceMillis longest silence of the peer that ended well
 */
public record Status(
        String role,
        String phase,
        long generation,
        long icount,
        double mips,
        double busyMips,
        double lagMillis,
        double slowedMillis,
        double logKbitPerSecond,
        long logBytes,
        int heldOutputs,
        long releasedOutputs,
        long digests,
        long logPosition,
        long safePosition,
        double longestSilenceMillis) {}
