package hartbeat.tools.cli;

import hartbeat.tools.UserError;
import java.net.InetSocketAddress;

/**
 * A {@code HOST:PORT} of the command line.
 *
 * @param port 0 to 65535; 0 lets the host choose one
 */
public record HostPortOption(String host, int port) {

    /**
     * Reads {@code HOST:PORT}; an IPv6 address stands in brackets, an empty host is all addresses of this one.
     *
     * @param option the option that it was given for, for the message
     */
    public static HostPortOption parse(String option, String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw UserError.usage(
                    "%s: expected=HOST:PORT, actual=%s".formatted(option, text), "for example 127.0.0.1:7400");
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.contains(":")) {
            throw UserError.usage(
                    "%s: expected=HOST:PORT, actual=%s".formatted(option, text), "an IPv6 address stands in brackets");
        }
        return new HostPortOption(host.isEmpty() ? "0.0.0.0" : host, port(option, text.substring(colon + 1)));
    }

    /**
     * The address, looked up now.
     *
     * @param option the option that it was given for, for the message
     * @throws UserError if no host has this name
     */
    public InetSocketAddress resolve(String option) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw UserError.failed("no such host: " + host, "check " + option);
        }
        return address;
    }

    private static int port(String option, String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException notANumber) {
            // The message below says the same for both.
        }
        throw UserError.usage("%s: port: expected=0 to 65535, actual=%s".formatted(option, text), "for example 7400");
    }
}
