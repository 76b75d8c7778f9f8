package hartbeat.tools.lan;

import hartbeat.devices.host.HostException;
import hartbeat.devices.host.link.LinkAddress;
import java.util.List;

/**
 * What a switch is started with.
 *
 * @param listen where members and console clients connect; one or more
 * @param uplinks ways out of the LAN
 */
public record SwitchOptions(List<LinkAddress> listen, List<Uplink> uplinks) {
    public SwitchOptions {
        listen = List.copyOf(listen);
        uplinks = List.copyOf(uplinks);
    }

    /** A way out of the LAN. */
    public sealed interface Uplink {}

    /**
     * A tap interface of the host.
     *
     * @param name of the interface, at most 15 characters
     * @param address of the host on it with its prefix length, as {@code 10.0.2.2/24}, or empty
     */
    public record Tap(String name, String address) implements Uplink {}

    /**
     * passt: connections without privileges.
     *
     * @param forwards ports of the host that lead into the guest
     */
    public record Passt(List<Forward> forwards) implements Uplink {
        public Passt {
            forwards = List.copyOf(forwards);
        }
    }

    /**
     * A TCP port of the host that leads to one of the guest's.
     *
     * @param hostAddress where the host listens
     */
    public record Forward(String hostAddress, int hostPort, int guestPort) {
        /**
         * Reads {@code [ADDRESS:]PORT=GUESTPORT}; the address is 127.0.0.1 unless given.
         *
         * @throws HostException if the text says something else
         */
        public static Forward parse(String text) throws HostException {
            int equals = text.indexOf('=');
            int colon = text.lastIndexOf(':', Math.max(equals, 0));
            try {
                String address = colon < 0 ? "127.0.0.1" : text.substring(0, colon);
                int hostPort = Integer.parseInt(text, colon + 1, equals, 10);
                int guestPort = Integer.parseInt(text, equals + 1, text.length(), 10);
                boolean ports = hostPort > 0 && hostPort <= 65535 && guestPort > 0 && guestPort <= 65535;
                if (ports && address.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}")) {
                    return new Forward(address, hostPort, guestPort);
                }
            } catch (NumberFormatException | IndexOutOfBoundsException e) {
                throw wrong(text);
            }
            throw wrong(text);
        }

        private static HostException wrong(String text) {
            return new HostException(
                    "forward " + text + ": expected=[ADDRESS:]PORT=GUESTPORT", "for example 127.0.0.1:8080=80");
        }
    }
}
