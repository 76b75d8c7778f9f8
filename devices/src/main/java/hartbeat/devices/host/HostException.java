package hartbeat.devices.host;

/**
 * The host cannot give what was asked for, and the user can mend it. The command line prints {@link #getMessage} and {@link #hint}
 * as one line, without a stack trace.
 */
public final class HostException extends Exception {
    private final String hint;

    /**
     * @param message one line: what, expected, actual
     * @param hint one line: what to do about it
     */
    public HostException(String message, String hint) {
        super(message);
        this.hint = hint;
    }

    public HostException(String message, String hint, Throwable cause) {
        super(message, cause);
        this.hint = hint;
    }

    /** What the user can do about it. */
    public String hint() {
        return hint;
    }

    /** Message and hint in one line. */
    public String oneLine() {
        return getMessage() + " (hint: " + hint + ")";
    }
}
