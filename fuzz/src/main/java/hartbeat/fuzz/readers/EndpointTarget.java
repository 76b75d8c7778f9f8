package hartbeat.fuzz.readers;

import hartbeat.devices.host.link.LinkCodec;
import hartbeat.devices.host.link.LinkEndpoint;
import hartbeat.devices.host.link.LinkFormatException;
import hartbeat.devices.host.link.LinkMessage;
import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Output;
import hartbeat.ft.log.LogAppender;
import hartbeat.ft.run.DiskMode;
import hartbeat.fuzz.Target;
import java.util.ArrayList;
import java.util.List;

/** A machine's end of its link: whatever a switch sends, what reaches the machine can be logged. */
public final class EndpointTarget implements Target {
    @Override
    public String name() {
        return "endpoint";
    }

    @Override
    public String about() {
        return "what a switch sends to a machine";
    }

    @Override
    public void test(byte[] input) {
        Bytes in = new Bytes(input);
        LogAppender log = new LogAppender(DiskMode.SHARED);
        int flags = in.u8();
        LinkEndpoint endpoint = new LinkEndpoint(
                LinkTarget.hello(),
                given -> {
                    log.input(1, given, 0);
                    return (flags & 1) == 0;
                },
                () -> {},
                () -> {});
        endpoint.connect();
        if ((flags & 2) == 0) {
            endpoint.live(flags & 4, new long[0]);
        }
        endpoint.send(flags & 4, new Emission(1, 1, new Output.ConsoleOutput(2, new byte[] {'a'})));
        try {
            while (!in.isEmpty()) {
                // One byte in front stretches a payload, so that long ones need no long input.
                int stretch = in.u8();
                byte[] payload = in.take(in.u8());
                endpoint.received(
                        java.util.Arrays.copyOf(payload, payload.length + (stretch < 200 ? 0 : stretch * 300)));
                endpoint.next();
                endpoint.retry();
            }
        } catch (LinkFormatException refused) {
            endpoint.disconnect();
        }
    }

    @Override
    public List<byte[]> seeds() {
        byte[] welcome = payload(0, new LinkMessage.Welcome());
        List<byte[]> seeds = new ArrayList<>();
        for (LinkMessage message : LinkTarget.messages()) {
            seeds.add(Bytes.joined(Bytes.of(0), welcome, payload(0, message)));
            seeds.add(Bytes.joined(Bytes.of(5), welcome, payload(0, message)));
        }
        seeds.add(Bytes.joined(
                Bytes.of(0), welcome, payload(250, LinkTarget.messages().get(8))));
        return seeds;
    }

    private static byte[] payload(int stretch, LinkMessage message) {
        byte[] bytes = LinkCodec.encode(message);
        return Bytes.joined(Bytes.of(stretch, bytes.length), bytes);
    }
}
