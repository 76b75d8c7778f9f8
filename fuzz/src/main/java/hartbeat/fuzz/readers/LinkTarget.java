package hartbeat.fuzz.readers;

import hartbeat.devices.host.link.LinkCodec;
import hartbeat.devices.host.link.LinkFormatException;
import hartbeat.devices.host.link.LinkMessage;
import hartbeat.fuzz.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Single payloads of a link: what is understood must be said again in the same bytes. */
public final class LinkTarget implements Target {
    static final String ID = "0123456789abcdef0123456789abcdef";

    @Override
    public String name() {
        return "link";
    }

    @Override
    public String about() {
        return "payloads between machine, switch and console client";
    }

    @Override
    public void test(byte[] input) {
        try {
            LinkCodec.frame(input);
            LinkCodec.upgraded(input);
            LinkMessage message = LinkCodec.decode(input);
            // Text is cleaned when it is read, so that only what was cleaned once is the same for good.
            byte[] once = LinkCodec.encode(message);
            if (!Arrays.equals(once, LinkCodec.encode(LinkCodec.decode(once)))) {
                throw new IllegalStateException("said otherwise than understood: " + message);
            }
        } catch (LinkFormatException refused) {
            // That is what a peer that sends garbage is told.
        }
    }

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        messages().forEach(message -> seeds.add(LinkCodec.encode(message)));
        seeds.add(LinkCodec.upgrade(hello()));
        return seeds;
    }

    static LinkMessage.Hello hello() {
        return new LinkMessage.Hello(
                ID, "guest", List.of(new LinkMessage.Nic(7, 0x525400000001L)), List.of(new LinkMessage.Console(2)));
    }

    /** One of each kind. */
    static List<LinkMessage> messages() {
        return List.of(
                hello(),
                new LinkMessage.Live(2, List.of(new LinkMessage.Resume(7, 3), new LinkMessage.Resume(2, 1))),
                new LinkMessage.Logged(7, 4),
                new LinkMessage.Output(2, 1, 7, LinkMessage.Kind.FRAME, new byte[60]),
                new LinkMessage.Output(2, 2, 2, LinkMessage.Kind.CONSOLE, new byte[] {'a'}),
                new LinkMessage.Output(2, 3, 0, LinkMessage.Kind.OFF, new byte[1]),
                new LinkMessage.Announce(2, 7, new byte[60]),
                new LinkMessage.Welcome(),
                new LinkMessage.Item(7, 4, LinkMessage.Kind.FRAME, new byte[60]),
                new LinkMessage.Item(2, 1, LinkMessage.Kind.CONSOLE, new byte[] {'a'}),
                new LinkMessage.Taken(3),
                new LinkMessage.Fenced(9),
                new LinkMessage.Refused("no"),
                new LinkMessage.Attach("", -1, -1),
                new LinkMessage.Attach(ID, 2, 0),
                new LinkMessage.Attached(ID, "guest", 2, 5),
                new LinkMessage.Printed(5, new byte[] {'a'}),
                new LinkMessage.Typed(new byte[] {'a'}),
                new LinkMessage.Off());
    }
}
