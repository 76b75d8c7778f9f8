package hartbeat.proof.world;

import hartbeat.devices.host.link.LinkCodec;
import hartbeat.devices.host.link.LinkFormatException;
import hartbeat.devices.host.link.LinkMessage;
import hartbeat.lan.Switch;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that the world outside sees of the pair: a member of the LAN, and somebody at the console. */
public final class Outside {
    /** The client's own address. */
    public static final byte[] MAC = {2, 0, 0, 0, 0, 9};

    private static final int TYPE_OFFSET = 12;
    private static final int RARP = 0x8035;
    private static final int ARP = 0x0806;

    private @Nullable Switch lan;
    private int member;
    private int console;
    private int printedBefore;
    private final List<Segment> before = new ArrayList<>();
    private final List<byte[]> frames = new ArrayList<>();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private @Nullable String failure;
    private boolean changed;

    /**
     * Where a switch's time ended, in what was seen.
     *
     * @param frames that had come by then
     * @param printedBytes that had come by then
     */
    public record Segment(int frames, int printedBytes) {}

    Outside(Switch lan) {
        connect(lan);
    }

    private void connect(Switch to) {
        lan = to;
        member = to.connect("client");
        console = to.connect("console");
        to.receive(console, LinkCodec.upgrade(new LinkMessage.Attach("", -1, -1)), 0);
    }

    /** The switch is gone, and with it what it had for this side. */
    void disconnect() {
        if (lan != null) {
            lan = null;
            before.add(new Segment(frames.size(), printed.size()));
            printedBefore = printed.size();
        }
    }

    /** The switch is there again, and knows nothing of what was. */
    void reconnect(Switch fresh) {
        connect(fresh);
        changed = true;
    }

    /** The ends of the switches before the present one. */
    public List<Segment> before() {
        return before;
    }

    /** Every frame that has come, but announcements of addresses. */
    public List<byte[]> frames() {
        return frames;
    }

    /** Bytes printed so far. */
    public int printedBytes() {
        return printed.size();
    }

    /** Everything printed so far. */
    public byte[] printed() {
        return printed.toByteArray();
    }

    /** What was wrong with the hub's messages, or null. */
    @Nullable
    String failure() {
        return failure;
    }

    /** Puts a frame on the LAN. */
    public void send(byte[] frame, long nowNanos) {
        Switch to = lan;
        if (to != null) {
            changed = true;
            to.receive(member, frame, nowNanos);
        }
    }

    /** Types; false if the hub has no room now. */
    public boolean type(byte[] bytes, long nowNanos) {
        Switch to = lan;
        if (to == null || !to.readable(console)) {
            return false;
        }
        changed = true;
        return to.receive(console, LinkCodec.encode(new LinkMessage.Typed(bytes)), nowNanos);
    }

    /** Whether the switch was given something since the last call. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    /** Takes what has come; @return whether anything has */
    boolean collect() {
        Switch from = lan;
        if (from == null) {
            return false;
        }
        int seen = frames.size() + printed.size();
        for (byte[] frame = from.next(member); frame != null; frame = from.next(member)) {
            int type = (frame[TYPE_OFFSET] & 0xff) << 8 | frame[TYPE_OFFSET + 1] & 0xff;
            if (type != RARP && !(type == ARP && announcement(frame))) {
                frames.add(frame);
            }
        }
        for (byte[] payload = from.next(console); payload != null; payload = from.next(console)) {
            print(payload);
        }
        return frames.size() + printed.size() > seen;
    }

    /** ARP in which sender and target are the same (RFC 5227). */
    private static boolean announcement(byte[] frame) {
        return java.util.Arrays.equals(frame, 28, 32, frame, 38, 42);
    }

    private void print(byte[] payload) {
        try {
            if (LinkCodec.decode(payload) instanceof LinkMessage.Printed message) {
                int position = printed.size() - printedBefore;
                if (message.position() != position) {
                    failure = "console: expected=position %d, actual=%d".formatted(position, message.position());
                }
                printed.writeBytes(message.bytes());
            }
        } catch (LinkFormatException e) {
            failure = "console: " + e.getMessage();
        }
    }
}
