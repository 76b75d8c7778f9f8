package hartbeat.proof.world;

import java.util.List;

/** What the outside asks of a guest, and what it must be answered. Driven by the world on its one thread. */
public interface Workload {
    /** When to be called again if nothing comes in; {@link Long#MAX_VALUE} for on an event only. */
    long nextNanos();

    /** Time has come, or something has come in. */
    void step(Outside outside, long nowNanos);

    /** Whether everything that was asked for was answered, and nothing more will be asked. */
    boolean done();

    /** Nothing new is asked from now on but what brings the workload to its end. */
    void finish();

    /** What was answered wrongly. */
    List<String> violations(Outside outside);

    /** The switch was lost with all that it had: what was asked or answered may be lost, or come twice. */
    default void switchLost() {}

    /** Checks what the guest was to keep on its disk, when all is quiet. */
    default List<String> diskViolations(byte[] flushed) {
        return List.of();
    }
}
