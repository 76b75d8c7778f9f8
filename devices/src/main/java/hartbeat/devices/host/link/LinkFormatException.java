package hartbeat.devices.host.link;

/** A peer sent what the protocol does not allow; the connection to it ends. */
public final class LinkFormatException extends Exception {
    /** @param message what: expected=.., actual=.. */
    public LinkFormatException(String message) {
        super(message);
    }
}
