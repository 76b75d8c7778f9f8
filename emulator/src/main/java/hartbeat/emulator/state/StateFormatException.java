package hartbeat.emulator.state;

/** Bytes that are no state of this machine. */
public final class StateFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StateFormatException(String message) {
        super(message);
    }
}
