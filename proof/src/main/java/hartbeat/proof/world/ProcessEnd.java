package hartbeat.proof.world;

/** Unwinds a process that was killed in the midst of its work. */
final class ProcessEnd extends RuntimeException {
    ProcessEnd() {
        super("killed", null, false, false);
    }
}
