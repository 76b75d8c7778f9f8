package hartbeat.fuzz.readers;

import hartbeat.devices.board.MacAddress;
import hartbeat.devices.host.HostException;
import hartbeat.devices.host.link.LinkAddress;
import hartbeat.fuzz.Target;
import hartbeat.tools.UserError;
import hartbeat.tools.cli.DriveOption;
import hartbeat.tools.cli.HostPortOption;
import hartbeat.tools.cli.NetOption;
import hartbeat.tools.cli.Sizes;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Values of options: each is understood, or refused in words for the user. */
public final class OptionTarget implements Target {
    @Override
    public String name() {
        return "options";
    }

    @Override
    public String about() {
        return "--drive, --net, --memory, --mac, HOST:PORT and addresses of switches";
    }

    @Override
    public void test(byte[] input) {
        Bytes in = new Bytes(input);
        int which = in.u8() % 6;
        String text = new String(in.rest(), StandardCharsets.UTF_8);
        try {
            switch (which) {
                case 0 -> DriveOption.parse(text, 0);
                case 1 -> NetOption.parse(text);
                case 2 -> Sizes.memory(text);
                case 3 -> HostPortOption.parse("--listen", text);
                case 4 -> LinkAddress.parse(text);
                default -> mac(text);
            }
        } catch (UserError | HostException refused) {
            // That is what the user is told.
        }
    }

    /** The one parser that is of the machine, and so knows no user. */
    private static void mac(String text) {
        try {
            MacAddress.parse(text);
        } catch (IllegalArgumentException refused) {
            // The command line puts it into words.
        }
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(
                text(0, "file=disk.img,format=raw,readonly=on,id=data,if=virtio"),
                text(0, "a,,b.img,readonly"),
                text(1, "switch=tcp:host:7100"),
                text(1, "stream,id=n,server=off,addr.type=inet,addr.host=h,addr.port=1"),
                text(1, "stream,addr.type=unix,addr.path=/tmp/x"),
                text(1, "passt,forward=127.0.0.1:8080=80+[::1]:22=22"),
                text(1, "tap,ifname=t0,address=10.0.2.2/24"),
                text(2, "128M"),
                text(2, "65536K"),
                text(2, "1g"),
                text(3, "[::1]:7000"),
                text(3, ":1"),
                text(4, "unix:/tmp/lan"),
                text(4, "tcp:[::1]:1"),
                text(5, "52:54:00:00:00:01"));
    }

    private static byte[] text(int which, String text) {
        return Bytes.joined(Bytes.of(which), text.getBytes(StandardCharsets.UTF_8));
    }
}
