package hartbeat.devices.host.link;

import hartbeat.devices.host.link.LinkMessage.Kind;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bytes of a {@link LinkMessage}: one byte of type, then its fields, big endian; no byte may be missing or left over. */
public final class LinkCodec {
    /** Longest payload of a foreign member: QEMU's own limit of 64 KiB and 4 KiB of headers. */
    public static final int MAX_FRAME_BYTES = 69_632;
    /** Longest payload of a member of ours. */
    public static final int MAX_PAYLOAD_BYTES = LinkMessage.MAX_DATA_BYTES + 64;

    private static final int SMALLEST_FRAME_BYTES = 14;
    private static final int MAX_DEVICES = 64;
    private static final int MAX_TEXT_BYTES = 256;
    private static final int ID_DIGITS = 32;
    private static final byte[] UPGRADE = {
        // To a locally administered group address, from a locally administered one, EtherType 0x88b5 (IEEE 802, 9.2.4),
        // magic.
        0x03, 'H', 'B', 'L', 'N', 'K', 0x02, 'H', 'B', 'L', 'N', 'K', (byte) 0x88, (byte) 0xb5, 'H', 'B', 'L', 'K'
    };

    private enum Type {
        HELLO,
        LIVE,
        LOGGED,
        OUTPUT,
        ANNOUNCE,
        WELCOME,
        ITEM,
        TAKEN,
        FENCED,
        REFUSED,
        ATTACH,
        ATTACHED,
        PRINTED,
        TYPED,
        OFF
    }

    private static final Type[] TYPES = Type.values();
    private static final Kind[] KINDS = Kind.values();

    private LinkCodec() {}

    /** The first payload of a connection, which upgrades it: an Ethernet frame around the protocol's version and {@code first}. */
    public static byte[] upgrade(LinkMessage first) {
        byte[] message = encode(first);
        return ByteBuffer.allocate(UPGRADE.length + 2 + message.length)
                .put(UPGRADE)
                .putShort((short) LinkMessage.VERSION)
                .put(message)
                .array();
    }

    /**
     * What is in an upgrading payload.
     *
     * @return null if the payload is an ordinary frame, so that the peer is a foreign member
     * @throws LinkFormatException if the peer speaks another version or its message is garbage
     */
    public static @Nullable LinkMessage upgraded(byte[] payload) throws LinkFormatException {
        int length = UPGRADE.length;
        if (payload.length < length + 2 || !Arrays.equals(payload, 0, length, UPGRADE, 0, length)) {
            return null;
        }
        int version = Short.toUnsignedInt(ByteBuffer.wrap(payload).getShort(length));
        if (version != LinkMessage.VERSION) {
            throw new LinkFormatException("link version: expected=" + LinkMessage.VERSION + ", actual=" + version
                    + ", hint: run the same Hartbeat on both ends");
        }
        return decode(Arrays.copyOfRange(payload, length + 2, payload.length));
    }

    /**
     * Whether a payload from a switch is an Ethernet frame and no message. Until a switch has read our first payload it takes us for
     * a foreign member; before {@link LinkMessage.Welcome}, which is shorter than any frame, only {@link LinkMessage.Refused} is
     * a message.
     */
    public static boolean frame(byte[] payload) {
        if (payload.length < SMALLEST_FRAME_BYTES) {
            return false;
        }
        try {
            return !(decode(payload) instanceof LinkMessage.Refused);
        } catch (LinkFormatException e) {
            return true;
        }
    }

    public static byte[] encode(LinkMessage message) {
        return switch (message) {
            case LinkMessage.Hello m -> hello(m);
            case LinkMessage.Live m -> {
                ByteBuffer out = start(Type.LIVE, 9 + 12 * m.resume().size()).putLong(m.generation());
                out.put((byte) m.resume().size());
                m.resume().forEach(r -> out.putInt(r.device()).putLong(r.ticket()));
                yield out.array();
            }
            case LinkMessage.Logged m ->
                start(Type.LOGGED, 12).putInt(m.device()).putLong(m.ticket()).array();
            case LinkMessage.Output m ->
                start(Type.OUTPUT, 21 + m.bytes().length)
                        .putLong(m.generation())
                        .putLong(m.number())
                        .putInt(m.device())
                        .put((byte) m.kind().ordinal())
                        .put(m.bytes())
                        .array();
            case LinkMessage.Announce m ->
                start(Type.ANNOUNCE, 12 + m.frame().length)
                        .putLong(m.generation())
                        .putInt(m.device())
                        .put(m.frame())
                        .array();
            case LinkMessage.Welcome _ -> start(Type.WELCOME, 0).array();
            case LinkMessage.Item m ->
                start(Type.ITEM, 13 + m.bytes().length)
                        .putInt(m.device())
                        .putLong(m.ticket())
                        .put((byte) m.kind().ordinal())
                        .put(m.bytes())
                        .array();
            case LinkMessage.Taken m -> start(Type.TAKEN, 8).putLong(m.number()).array();
            case LinkMessage.Fenced m ->
                start(Type.FENCED, 8).putLong(m.byGeneration()).array();
            case LinkMessage.Refused m -> {
                byte[] reason = text(m.reason());
                yield text(start(Type.REFUSED, 2 + reason.length), reason).array();
            }
            case LinkMessage.Attach m -> {
                byte[] id = text(m.machineId());
                yield text(start(Type.ATTACH, 2 + id.length + 12), id)
                        .putInt(m.device())
                        .putLong(m.from())
                        .array();
            }
            case LinkMessage.Attached m -> {
                byte[] id = text(m.machineId());
                byte[] name = text(m.name());
                yield text(text(start(Type.ATTACHED, 4 + id.length + name.length + 12), id), name)
                        .putInt(m.device())
                        .putLong(m.position())
                        .array();
            }
            case LinkMessage.Printed m ->
                start(Type.PRINTED, 8 + m.bytes().length)
                        .putLong(m.position())
                        .put(m.bytes())
                        .array();
            case LinkMessage.Typed m ->
                start(Type.TYPED, m.bytes().length).put(m.bytes()).array();
            case LinkMessage.Off _ -> start(Type.OFF, 0).array();
        };
    }

    /** @throws LinkFormatException if the payload is not exactly one message */
    public static LinkMessage decode(byte[] payload) throws LinkFormatException {
        ByteBuffer in = ByteBuffer.wrap(payload);
        try {
            int type = in.get();
            if (type < 0 || type >= TYPES.length) {
                throw new LinkFormatException(
                        "link message: expected=type 0 to " + (TYPES.length - 1) + ", actual=" + type);
            }
            LinkMessage message = decode(TYPES[type], in);
            if (in.hasRemaining()) {
                throw new LinkFormatException(
                        "link message " + TYPES[type] + ": " + in.remaining() + " bytes left over");
            }
            return message;
        } catch (BufferUnderflowException e) {
            throw new LinkFormatException("link message of " + payload.length + " bytes is cut off");
        }
    }

    private static LinkMessage decode(Type type, ByteBuffer in) throws LinkFormatException {
        return switch (type) {
            case HELLO -> hello(in);
            case LIVE -> new LinkMessage.Live(unsigned(in.getLong(), "generation"), resumes(in));
            case LOGGED -> new LinkMessage.Logged(device(in), unsigned(in.getLong(), "ticket"));
            case OUTPUT ->
                new LinkMessage.Output(
                        unsigned(in.getLong(), "generation"),
                        unsigned(in.getLong(), "number"),
                        device(in),
                        kind(in),
                        rest(in, 1));
            case ANNOUNCE -> new LinkMessage.Announce(unsigned(in.getLong(), "generation"), device(in), rest(in, 14));
            case WELCOME -> new LinkMessage.Welcome();
            case ITEM -> new LinkMessage.Item(device(in), unsigned(in.getLong(), "ticket"), kind(in), rest(in, 1));
            case TAKEN -> new LinkMessage.Taken(unsigned(in.getLong(), "number"));
            case FENCED -> new LinkMessage.Fenced(unsigned(in.getLong(), "generation"));
            case REFUSED -> new LinkMessage.Refused(text(in));
            case ATTACH -> new LinkMessage.Attach(idOrEmpty(in), in.getInt(), in.getLong());
            case ATTACHED -> new LinkMessage.Attached(id(in), text(in), device(in), unsigned(in.getLong(), "position"));
            case PRINTED -> new LinkMessage.Printed(unsigned(in.getLong(), "position"), rest(in, 1));
            case TYPED -> new LinkMessage.Typed(rest(in, 1));
            case OFF -> new LinkMessage.Off();
        };
    }

    private static byte[] hello(LinkMessage.Hello m) {
        byte[] id = text(m.machineId());
        byte[] name = text(m.name());
        int length = 4
                + id.length
                + name.length
                + 2
                + 12 * m.nics().size()
                + 4 * m.consoles().size();
        ByteBuffer out = text(text(start(Type.HELLO, length), id), name);
        out.put((byte) m.nics().size());
        m.nics().forEach(nic -> out.putInt(nic.device()).putLong(nic.mac()));
        out.put((byte) m.consoles().size());
        m.consoles().forEach(console -> out.putInt(console.device()));
        return out.array();
    }

    private static LinkMessage.Hello hello(ByteBuffer in) throws LinkFormatException {
        String id = id(in);
        String name = text(in);
        List<LinkMessage.Nic> nics = new ArrayList<>();
        for (int i = count(in); i > 0; i--) {
            nics.add(new LinkMessage.Nic(device(in), in.getLong() & 0xffff_ffff_ffffL));
        }
        List<LinkMessage.Console> consoles = new ArrayList<>();
        for (int i = count(in); i > 0; i--) {
            consoles.add(new LinkMessage.Console(device(in)));
        }
        return new LinkMessage.Hello(id, name, nics, consoles);
    }

    private static List<LinkMessage.Resume> resumes(ByteBuffer in) throws LinkFormatException {
        List<LinkMessage.Resume> resumes = new ArrayList<>();
        for (int i = count(in); i > 0; i--) {
            resumes.add(new LinkMessage.Resume(device(in), unsigned(in.getLong(), "ticket")));
        }
        return resumes;
    }

    private static ByteBuffer start(Type type, int length) {
        return ByteBuffer.allocate(1 + length).put((byte) type.ordinal());
    }

    private static byte[] text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= MAX_TEXT_BYTES ? bytes : Arrays.copyOf(bytes, MAX_TEXT_BYTES);
    }

    private static ByteBuffer text(ByteBuffer out, byte[] bytes) {
        return out.putShort((short) bytes.length).put(bytes);
    }

    /** Text from a peer, which ends up on terminals: whatever could move a cursor is replaced. */
    private static String text(ByteBuffer in) throws LinkFormatException {
        int length = Short.toUnsignedInt(in.getShort());
        if (length > MAX_TEXT_BYTES || length > in.remaining()) {
            throw new LinkFormatException("text: expected=at most " + MAX_TEXT_BYTES + " bytes, actual=" + length);
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8).replaceAll("[\\p{Cc}\\p{Cf}]", "?");
    }

    private static String id(ByteBuffer in) throws LinkFormatException {
        String id = text(in);
        if (id.length() != ID_DIGITS || !id.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
            throw new LinkFormatException("machine id: expected=" + ID_DIGITS + " hexadecimal digits, actual=" + id);
        }
        return id;
    }

    private static String idOrEmpty(ByteBuffer in) throws LinkFormatException {
        return in.duplicate().getShort() == 0 ? text(in) : id(in);
    }

    private static int count(ByteBuffer in) throws LinkFormatException {
        int count = in.get();
        if (count < 0 || count > MAX_DEVICES) {
            throw new LinkFormatException("devices: expected=at most " + MAX_DEVICES + ", actual=" + (count & 0xff));
        }
        return count;
    }

    private static int device(ByteBuffer in) throws LinkFormatException {
        int device = in.getInt();
        if (device < 0 || device > 0xffff) {
            throw new LinkFormatException("device: expected=0 to 65535, actual=" + device);
        }
        return device;
    }

    private static Kind kind(ByteBuffer in) throws LinkFormatException {
        int kind = in.get();
        if (kind < 0 || kind >= KINDS.length) {
            throw new LinkFormatException("kind: expected=0 to " + (KINDS.length - 1) + ", actual=" + kind);
        }
        return KINDS[kind];
    }

    private static long unsigned(long value, String what) throws LinkFormatException {
        if (value < 0) {
            throw new LinkFormatException(what + ": expected=0 or more, actual=" + value);
        }
        return value;
    }

    private static byte[] rest(ByteBuffer in, int atLeast) throws LinkFormatException {
        if (in.remaining() < atLeast || in.remaining() > LinkMessage.MAX_DATA_BYTES) {
            throw new LinkFormatException("data: expected=" + atLeast + " to " + LinkMessage.MAX_DATA_BYTES
                    + " bytes, actual=" + in.remaining());
        }
        byte[] bytes = new byte[in.remaining()];
        in.get(bytes);
        return bytes;
    }
}
