package hartbeat.ft.log;

/** Bytes or entries that are no valid log. The message names what was expected, what was found, and where. */
public final class LogFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LogFormatException(String message) {
        super(message);
    }
}
