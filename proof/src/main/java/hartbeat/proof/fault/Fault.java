package hartbeat.proof.fault;

/** Something that befalls a world. The list is complete. Processes are counted from 0, the first primary; times are in nanoseconds. */
public sealed interface Fault {
    /** A process comes to its end. */
    record Kill(int process, Ending ending) implements Fault {}

    /** A process is stopped (SIGSTOP) and wakes late. */
    record Freeze(int process, long nanos) implements Fault {}

    /** Neither stream nor datagrams pass, one way or both. */
    record Partition(boolean fromPrimary, boolean fromBackup, long nanos) implements Fault {}

    /** The stream alone stands still one way, while datagrams pass. */
    record ChannelStall(boolean fromPrimary, long nanos) implements Fault {}

    /** Both ends of the stream are told that it was reset. */
    record ChannelReset() implements Fault {}

    /** Datagrams are lost or repeated. */
    record DatagramLoss(int lostPercent, int repeatedPercent, long nanos) implements Fault {}

    /** Stream and datagrams take so long each, so that one overtakes the other. */
    record Delay(long channelNanos, long datagramNanos, long nanos) implements Fault {}

    /** The buffers of the stream hold no more than this. */
    record SmallBuffers(long bytes, long nanos) implements Fault {}

    /** The way of a process to the switch stands still. */
    record LinkStall(int process, long nanos) implements Fault {}

    /** The connection of a process to the switch breaks, and is made anew. */
    record LinkCut(int process) implements Fault {}

    /** Each request of a process's disk takes so long. */
    record SlowDisk(int process, long serviceNanos, long nanos) implements Fault {}

    /** The next requests of a process's disk fail. */
    record DiskErrors(int process, int count) implements Fault {}

    /** The arbiter cannot be reached by a process. */
    record ArbiterAway(int process, long nanos) implements Fault {}

    /** Each operation of the arbiter's storage takes so long. */
    record ArbiterSlow(long operationNanos, long nanos) implements Fault {}

    /** The arbiter's storage does what it is asked, and reports failures. */
    record ArbiterAnswersLost(long nanos) implements Fault {}

    /** The arbiter's storage is full. */
    record ArbiterFull(long nanos) implements Fault {}

    /** The host of the arbiter's storage starts anew: names that were not synced are gone. */
    record ArbiterCrash() implements Fault {}

    /** The user stops a process (SIGTERM). */
    record Quit(int process) implements Fault {}

    /** The switch is killed, and started again after a while. */
    record SwitchRestart(long nanos) implements Fault {}

    /** A process runs so many times slower. */
    record SlowProcessor(int process, int factor, long nanos) implements Fault {}

    /** A bit of a machine's memory flips, which no fault model covers: for the proof that digests are compared. */
    record FlipBit(int process, int page) implements Fault {}

    /**
     * A fault and when it comes.
     *
     * @param atNanos since the beginning of the world
     */
    record Timed(long atNanos, Fault fault) {}
}
