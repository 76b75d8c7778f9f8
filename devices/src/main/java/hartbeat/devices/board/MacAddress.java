package hartbeat.devices.board;

import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * An Ethernet unicast address.
 *
 * @param bits the 48 bits, first octet uppermost
 */
public record MacAddress(long bits) {
    private static final Pattern TEXT = Pattern.compile("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}");
    private static final long MULTICAST = 1L << 40;

    public MacAddress {
        if (bits >>> 48 != 0 || (bits & MULTICAST) != 0 || bits == 0) {
            throw new IllegalArgumentException(
                    "MAC address %012x: expected=a unicast address of 48 bits".formatted(bits));
        }
    }

    /** @param text six octets in hexadecimal with colons */
    public static MacAddress parse(String text) {
        if (!TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "MAC address: expected=six octets such as 52:54:00:12:34:56, actual=%s".formatted(text));
        }
        return new MacAddress(HexFormat.fromHexDigitsToLong(text.replace(":", "")));
    }

    /** The octet at {@code index}, 0 to 5, in the order of transmission. */
    public int octet(int index) {
        return (int) (bits >>> 8 * (5 - index)) & 0xff;
    }

    public byte[] toBytes() {
        byte[] bytes = new byte[6];
        for (int i = 0; i < 6; i++) {
            bytes[i] = (byte) octet(i);
        }
        return bytes;
    }

    @Override
    public String toString() {
        return HexFormat.ofDelimiter(":").formatHex(toBytes());
    }
}
