package hartbeat.ft.log;

/** Bytes or entries that are no valid log. The message names what was expected, what was found, and where. */
public final class LogFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    public LogFormatException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** One line for the user. */
    public String reason() {
        return reason;
    }
}
