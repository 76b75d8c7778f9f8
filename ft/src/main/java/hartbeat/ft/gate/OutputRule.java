package hartbeat.ft.gate;

/** Which log position explains an output. There is one right rule; others exist so that tests can prove that they are noticed. */
@FunctionalInterface
public interface OutputRule {
    /**
     * The position whose receipt must be acknowledged before an output may leave.
     *
     * @param nextPosition position that the next log entry will have, when the output was made
     */
    long positionNeeded(long nextPosition);

    /** Whether a marker is appended when nothing else is; without one an output waits for the next input. */
    default boolean marker() {
        return true;
    }

    /** The first entry appended after the output: all inputs before it are in the log, and its icount is the output's or greater. */
    OutputRule APPENDED_AFTER = nextPosition -> nextPosition;
}
