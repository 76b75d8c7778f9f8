package hartbeat.devices.board.boot;

/** An image that this machine cannot start from; the message is one line for the user and ends in a hint. */
public final class BadImageException extends Exception {
    private static final long serialVersionUID = 1L;

    public BadImageException(String message) {
        super(message);
    }
}
