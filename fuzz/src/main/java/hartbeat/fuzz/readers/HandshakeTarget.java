package hartbeat.fuzz.readers;

import hartbeat.ft.channel.Blob;
import hartbeat.ft.channel.BlobStore;
import hartbeat.ft.channel.Channel;
import hartbeat.ft.channel.FrameDecoder;
import hartbeat.ft.channel.Handshake;
import hartbeat.ft.channel.Joining;
import hartbeat.ft.channel.Message;
import hartbeat.ft.channel.MessageCodec;
import hartbeat.ft.channel.Offering;
import hartbeat.ft.channel.Secret;
import hartbeat.ft.channel.Side;
import hartbeat.ft.log.LogFormatException;
import hartbeat.ft.run.DiskMode;
import hartbeat.fuzz.Target;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The stream between primary and backup, from a peer that knows no secret, and from one that does. */
public final class HandshakeTarget implements Target {
    private static final Secret SECRET = new Secret(new byte[32]);
    private static final long MOST_BLOB_BYTES = 1 << 16;

    @Override
    public String name() {
        return "handshake";
    }

    @Override
    public String about() {
        return "messages between primary and backup: framing, handshake, images";
    }

    @Override
    public void test(byte[] input) {
        Bytes in = new Bytes(input);
        int flags = in.u8();
        Peer peer = new Peer(in, (flags & 1) == 1);
        if ((flags & 2) == 0) {
            Handshake handshake = new Handshake(peer, Side.PRIMARY, SECRET, new byte[MessageCodec.NONCE_BYTES], "fuzz");
            poll(() -> handshake.poll(0), peer);
            handshake.peerName();
            return;
        }
        peer.trust();
        if ((flags & 4) == 0) {
            Joining joining = new Joining(peer, new BoundedStore());
            poll(() -> joining.poll(0), peer);
        } else {
            Offering offering = new Offering(peer, configuration(), List.of(blob()));
            poll(() -> offering.poll(0), peer);
        }
    }

    private static void poll(Runnable poll, Peer peer) {
        for (int i = 0; i < 4; i++) {
            poll.run();
        }
        peer.close("enough");
    }

    private static Message.Configuration configuration() {
        return new Message.Configuration(
                1, new byte[MessageCodec.MACHINE_ID_BYTES], new byte[32], DiskMode.REPLICATED, new byte[] {1, 2, 3});
    }

    private static Blob blob() {
        return new Blob() {
            @Override
            public String name() {
                return "kernel";
            }

            @Override
            public long bytes() {
                return 100;
            }

            @Override
            public byte[] read(long at, int length) {
                return new byte[length];
            }
        };
    }

    /** Frames of an input, in pieces of any length; with the right checksums if so wished. */
    private static final class Peer implements Channel {
        private final FrameDecoder decoder = new FrameDecoder();
        private final Bytes in;
        private final boolean sealed;
        private @Nullable String closed;

        Peer(Bytes in, boolean sealed) {
            this.in = in;
            this.sealed = sealed;
        }

        @Override
        public boolean send(Message message) {
            MessageCodec.encode(message);
            return true;
        }

        @Override
        public @Nullable Message receive() {
            try {
                Message message = decoder.next();
                while (message == null && !in.isEmpty() && closed == null) {
                    byte[] next = sealed ? Bytes.sealed(in.take(in.u16())) : in.take(1 + in.u8());
                    decoder.feed(next, 0, next.length);
                    message = decoder.next();
                }
                if (message == null) {
                    closed = "the end";
                }
                return message;
            } catch (LogFormatException refused) {
                closed = refused.getMessage();
                return null;
            }
        }

        @Override
        public @Nullable String closed() {
            return closed;
        }

        @Override
        public void trust() {
            decoder.trust();
        }

        @Override
        public void close(String why) {
            closed = why;
        }
    }

    /** Believes no length that a backup would not believe. */
    private static final class BoundedStore implements BlobStore {
        @Override
        public void begin(String name, long bytes) {
            if (bytes > MOST_BLOB_BYTES) {
                throw new Blob.BlobException(name + " is too large");
            }
        }

        @Override
        public void write(byte[] chunk) {}

        @Override
        public void end() {}
    }

    @Override
    public List<byte[]> seeds() {
        byte[] nonce = new byte[MessageCodec.NONCE_BYTES];
        nonce[0] = 1;
        byte[] hello = frame(new Message.Hello(MessageCodec.VERSION, Side.BACKUP, nonce, "peer"));
        byte[] proof = frame(new Message.Proof(
                SECRET.mac("hartbeat-channel-" + Side.BACKUP, new byte[MessageCodec.NONCE_BYTES], nonce)));
        byte[] images = Bytes.joined(
                frame(configuration()),
                frame(new Message.BlobBegin("kernel", 4)),
                frame(new Message.BlobChunk(new byte[4])),
                frame(new Message.BlobsEnd()));
        byte[] talk = Bytes.joined(
                frame(new Message.LogBatch(1, new byte[10])),
                frame(new Message.Ack(1, 2, 3, 4, 5)),
                frame(new Message.Released(7)),
                frame(new Message.Alive(1, 2, 3)),
                frame(new Message.Diverged("memory")),
                frame(new Message.Goodbye(true, "off")));
        return List.of(
                Bytes.joined(Bytes.of(1), hello, proof),
                Bytes.joined(Bytes.of(3), images),
                Bytes.joined(Bytes.of(7), frame(new Message.Ready(new byte[32]))),
                Bytes.joined(Bytes.of(7), frame(new Message.Refused("no room"))),
                Bytes.joined(Bytes.of(3), talk));
    }

    private static byte[] frame(Message message) {
        byte[] frame = MessageCodec.encode(message);
        return Bytes.part(Arrays.copyOfRange(frame, MessageCodec.PREFIX_BYTES, frame.length));
    }
}
