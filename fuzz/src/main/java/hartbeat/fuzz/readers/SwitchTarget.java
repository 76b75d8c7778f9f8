package hartbeat.fuzz.readers;

import hartbeat.devices.host.link.FrameReader;
import hartbeat.devices.host.link.LinkCodec;
import hartbeat.devices.host.link.LinkFormatException;
import hartbeat.devices.host.link.LinkMessage;
import hartbeat.fuzz.Target;
import hartbeat.lan.Switch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A switch with several connections, each a stream of bytes: foreign members, machines, console clients, in any order. */
public final class SwitchTarget implements Target {
    private static final int MOST_CONNECTIONS = 6;
    private static final int MOST_GIVEN = 64;
    private static final int MOST_PAYLOAD_BYTES = LinkCodec.MAX_PAYLOAD_BYTES;

    @Override
    public String name() {
        return "switch";
    }

    @Override
    public String about() {
        return "streams into the switch: LAN, console hub, QEMU's framing";
    }

    @Override
    public void test(byte[] input) {
        Bytes in = new Bytes(input);
        Switch under = new Switch();
        List<Line> lines = new ArrayList<>();
        long nowNanos = 0;
        for (int i = 0; i < MOST_CONNECTIONS; i++) {
            lines.add(new Line(under.connect("fuzz " + i)));
        }
        while (!in.isEmpty()) {
            int what = in.u8();
            Line line = lines.get(what % MOST_CONNECTIONS);
            nowNanos += 1_000_000;
            switch (what / MOST_CONNECTIONS % 8) {
                case 0 -> line.drop(under, nowNanos);
                case 1 -> under.poll(nowNanos + Switch.FORGET_NANOS);
                case 2 -> line.feed(under, in.take(in.u8()), nowNanos);
                default -> line.feed(under, framed(in.take(in.u16() & 0x3ff)), nowNanos);
            }
            lines.forEach(each -> each.drain(under));
        }
        under.counters();
    }

    private static byte[] framed(byte[] payload) {
        return ByteBuffer.allocate(4 + payload.length)
                .putInt(payload.length)
                .put(payload)
                .array();
    }

    /** One connection, as the server's thread has it. */
    private static final class Line {
        private final int number;
        private final FrameReader reader = new FrameReader(LinkCodec.MAX_FRAME_BYTES);
        private boolean open = true;

        Line(int number) {
            this.number = number;
        }

        void drop(Switch under, long nowNanos) {
            open = false;
            under.disconnect(number, nowNanos);
        }

        void feed(Switch under, byte[] bytes, long nowNanos) {
            if (!open || !under.readable(number)) {
                return;
            }
            try {
                for (int at = 0; at < bytes.length && open; ) {
                    int count = Math.min(bytes.length - at, reader.buffer().remaining());
                    reader.buffer().put(bytes, at, count);
                    at += count;
                    take(under, nowNanos);
                }
            } catch (LinkFormatException refused) {
                drop(under, nowNanos);
            }
        }

        private void take(Switch under, long nowNanos) throws LinkFormatException {
            for (byte[] payload = reader.next(); payload != null && open; payload = reader.next()) {
                open = under.receive(number, payload, nowNanos);
                reader.maxBytes(under.maxPayloadBytes(number));
            }
        }

        void drain(Switch under) {
            for (int i = 0; i < MOST_GIVEN; i++) {
                byte[] payload = under.next(number);
                if (payload == null) {
                    return;
                }
                if (payload.length > MOST_PAYLOAD_BYTES) {
                    throw new IllegalStateException("a payload of %d bytes leaves".formatted(payload.length));
                }
            }
        }
    }

    @Override
    public List<byte[]> seeds() {
        byte[] machine = Bytes.joined(
                step(18, LinkCodec.upgrade(LinkTarget.hello())),
                step(18, LinkCodec.encode(new LinkMessage.Live(1, List.of(new LinkMessage.Resume(7, 0))))));
        byte[] client = step(19, LinkCodec.upgrade(new LinkMessage.Attach("", -1, -1)));
        List<byte[]> seeds = new ArrayList<>();
        seeds.add(machine);
        seeds.add(Bytes.joined(machine, client, step(20, new byte[60])));
        for (LinkMessage message : LinkTarget.messages()) {
            seeds.add(Bytes.joined(machine, client, step(18, LinkCodec.encode(message))));
            seeds.add(Bytes.joined(client, machine, step(19, LinkCodec.encode(message)), Bytes.of(0, 6)));
        }
        return seeds;
    }

    private static byte[] step(int what, byte[] payload) {
        return Bytes.joined(Bytes.of(what), Bytes.part(payload));
    }
}
