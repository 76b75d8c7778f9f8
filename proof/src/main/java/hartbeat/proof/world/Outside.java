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

    private final Switch lan;
    private final int member;
    private final int console;
    private final List<byte[]> frames = new ArrayList<>();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private @Nullable String failure;
    private boolean changed;

    Outside(Switch lan) {
        this.lan = lan;
        member = lan.connect("client");
        console = lan.connect("console");
        lan.receive(console, LinkCodec.upgrade(new LinkMessage.Attach("", -1, -1)), 0);
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
        changed = true;
        lan.receive(member, frame, nowNanos);
    }

    /** Types; false if the hub has no room now. */
    public boolean type(byte[] bytes, long nowNanos) {
        if (!lan.readable(console)) {
            return false;
        }
        changed = true;
        return lan.receive(console, LinkCodec.encode(new LinkMessage.Typed(bytes)), nowNanos);
    }

    /** Whether the switch was given something since the last call. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    /** Takes what has come; @return whether anything has */
    boolean collect() {
        int before = frames.size() + printed.size();
        for (byte[] frame = lan.next(member); frame != null; frame = lan.next(member)) {
            int type = (frame[TYPE_OFFSET] & 0xff) << 8 | frame[TYPE_OFFSET + 1] & 0xff;
            if (type != RARP && !(type == ARP && announcement(frame))) {
                frames.add(frame);
            }
        }
        for (byte[] payload = lan.next(console); payload != null; payload = lan.next(console)) {
            print(payload);
        }
        return frames.size() + printed.size() > before;
    }

    /** ARP in which sender and target are the same (RFC 5227). */
    private static boolean announcement(byte[] frame) {
        return java.util.Arrays.equals(frame, 28, 32, frame, 38, 42);
    }

    private void print(byte[] payload) {
        try {
            if (LinkCodec.decode(payload) instanceof LinkMessage.Printed message) {
                if (message.position() != printed.size()) {
                    failure = "console: expected=position %d, actual=%d".formatted(printed.size(), message.position());
                }
                printed.writeBytes(message.bytes());
            }
        } catch (LinkFormatException e) {
            failure = "console: " + e.getMessage();
        }
    }
}
