package hartbeat.ft.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hartbeat.ft.log.LogFormatException;
import hartbeat.ft.log.VarintWriter;
import hartbeat.ft.run.DiskMode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ChannelTest {
    private static final long SEED = Long.getLong("hartbeat.seed", 7);

    private static List<Message> one(Random random) {
        byte[] mac = new byte[32];
        byte[] id = new byte[16];
        byte[] batch = new byte[random.nextInt(100_000)];
        random.nextBytes(mac);
        random.nextBytes(id);
        random.nextBytes(batch);
        return List.of(
                new Message.Hello(1, Side.BACKUP, id, "host:1"),
                new Message.Proof(mac),
                new Message.Refused("why"),
                new Message.Configuration(3, id, mac, DiskMode.REPLICATED, batch),
                new Message.BlobBegin("disk0", 1L << 40),
                new Message.BlobChunk(batch),
                new Message.BlobsEnd(),
                new Message.Ready(mac),
                new Message.LogBatch(5, batch),
                new Message.Ack(5, 4, 3, 2, 1),
                new Message.Released(9),
                new Message.Alive(1, 2, 3),
                new Message.Diverged("memory"),
                new Message.Goodbye(true, "off"));
    }

    @Test
    void messagesComeOutAsTheyWentInHoweverTheStreamIsCut() {
        Random random = new Random(SEED);
        List<Message> messages = new ArrayList<>();
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (int i = 0; i < 5; i++) {
            for (Message message : one(random)) {
                messages.add(message);
                stream.writeBytes(MessageCodec.encode(message));
            }
        }
        FrameDecoder decoder = new FrameDecoder();
        decoder.trust();
        byte[] bytes = stream.toByteArray();
        List<byte[]> again = new ArrayList<>();
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(bytes.length - at, 1 + random.nextInt(70_000));
            decoder.feed(bytes, at, length);
            at += length;
            for (Message message = decoder.next(); message != null; message = decoder.next()) {
                again.add(MessageCodec.encode(message));
            }
        }
        assertThat(again).hasSize(messages.size());
        for (int i = 0; i < again.size(); i++) {
            assertThat(again.get(i)).as("seed=%d", SEED).isEqualTo(MessageCodec.encode(messages.get(i)));
        }
    }

    @Test
    void strangersLongMessagesAreRefusedBeforeAnythingIsAllocated() {
        FrameDecoder decoder = new FrameDecoder();
        byte[] prefix = new VarintWriter().i32(1 << 20).i32(0).toBytes();
        decoder.feed(prefix, 0, prefix.length);
        assertThatThrownBy(decoder::next).isInstanceOf(LogFormatException.class).hasMessageContaining("actual=1048576");
        FrameDecoder browser = new FrameDecoder();
        byte[] http = "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        browser.feed(http, 0, http.length);
        assertThatThrownBy(browser::next).hasMessageContaining("the peer is no Hartbeat, or the wrong port");
    }

    @Test
    void garbageIsAMessageOrARefusalAndNothingElse() {
        Random random = new Random(SEED);
        for (int i = 0; i < 20_000; i++) {
            byte[] body = new byte[1 + random.nextInt(80)];
            random.nextBytes(body);
            body[0] = (byte) random.nextInt(16);
            byte[] frame = new VarintWriter()
                    .i32(body.length)
                    .i32(MessageCodec.crc(body, 0, body.length))
                    .raw(body, 0, body.length)
                    .toBytes();
            FrameDecoder decoder = new FrameDecoder();
            decoder.feed(frame, 0, frame.length);
            try {
                assertThat(decoder.next()).isNotNull();
            } catch (LogFormatException expected) {
                assertThat(expected.reason()).isNotEmpty();
            }
        }
    }

    private static final byte[] KEY = new byte[32];

    private static byte[] nonce(int value) {
        byte[] nonce = new byte[16];
        Arrays.fill(nonce, (byte) value);
        return nonce;
    }

    private static Handshake[] shake(byte[] primaryKey, byte[] backupKey, Side second) {
        MemoryChannel channel = new MemoryChannel(0, 1 << 20);
        Handshake[] both = {
            new Handshake(channel.end(Side.PRIMARY), Side.PRIMARY, new Secret(primaryKey), nonce(1), "one"),
            new Handshake(channel.end(Side.BACKUP), second, new Secret(backupKey), nonce(2), "two")
        };
        for (int i = 0; i < 4; i++) {
            both[0].poll(i);
            both[1].poll(i);
        }
        return both;
    }

    @Test
    void bothProveThatTheyKnowTheSecret() {
        Handshake[] good = shake(KEY, KEY, Side.BACKUP);
        assertThat(good[0].done() && good[1].done()).isTrue();
        assertThat(good[0].peerName()).isEqualTo("two");
        byte[] other = KEY.clone();
        other[5] = 1;
        Handshake[] bad = shake(KEY, other, Side.BACKUP);
        assertThat(bad[0].done() || bad[1].done()).isFalse();
        assertThat(bad[0].failure()).contains("pair secret of PRIMARY and BACKUP differ");
    }

    @Test
    void twoOfTheSameSideAreNoPair() {
        Handshake[] both = shake(KEY, KEY, Side.PRIMARY);
        assertThat(both[0].failure()).contains("both ends are PRIMARY");
    }

    @Test
    void otherVersionIsRefusedWithBothVersions() {
        MemoryChannel channel = new MemoryChannel(0, 1 << 20);
        Handshake mine = new Handshake(channel.end(Side.PRIMARY), Side.PRIMARY, new Secret(KEY), nonce(1), "one");
        channel.end(Side.BACKUP).send(new Message.Hello(99, Side.BACKUP, nonce(2), "two"));
        mine.poll(0);
        assertThat(mine.failure()).contains("PRIMARY has %d, BACKUP has 99".formatted(MessageCodec.VERSION));
    }

    @Test
    void silentPeerIsGivenUp() {
        MemoryChannel channel = new MemoryChannel(0, 1 << 20);
        Handshake mine = new Handshake(channel.end(Side.PRIMARY), Side.PRIMARY, new Secret(KEY), nonce(1), "one");
        long now = 0;
        while (mine.failure() == null && now < 10_000_000_000L) {
            now = mine.poll(now);
        }
        assertThat(mine.failure()).contains("no answer within 5000 ms");
        assertThat(now).isEqualTo(5_000_000_000L);
    }

    /** What it said meanwhile lies unread: the first look after a pause finds nothing yet, as the thread that reads has slept as well. */
    @Test
    void ownPauseIsNotThePeersSilence() {
        MemoryChannel channel = new MemoryChannel(0, 1 << 20);
        Handshake mine = new Handshake(channel.end(Side.PRIMARY), Side.PRIMARY, new Secret(KEY), nonce(1), "one");
        mine.poll(0);
        mine.poll(60_000_000_000L);
        assertThat(mine.failure()).isNull();
        Offering offering = new Offering(
                channel.end(Side.PRIMARY),
                new Message.Configuration(1, new byte[16], new byte[32], DiskMode.REPLICATED, new byte[1]),
                List.of());
        offering.poll(0);
        offering.poll(60_000_000_000L);
        assertThat(offering.failure()).isNull();
        Joining joining =
                new Joining(new MemoryChannel(0, 1 << 20).end(Side.BACKUP), new Transfer(new byte[0], new byte[32]));
        joining.poll(0);
        joining.poll(60_000_000_000L);
        assertThat(joining.failure()).isNull();
    }

    @Test
    void blobsArriveWholeThroughASmallChannelAndTheDigestIsCompared() {
        byte[] image = new byte[1_000_000];
        new Random(SEED).nextBytes(image);
        Transfer good = new Transfer(image, new byte[32]);
        good.run();
        assertThat(good.offering.done()).isTrue();
        assertThat(good.stored.toByteArray()).isEqualTo(image);
        assertThat(good.offering.sentBytes())
                .isEqualTo(good.offering.totalBytes())
                .isEqualTo(image.length);
        byte[] other = new byte[32];
        other[31] = 7;
        Transfer bad = new Transfer(image, other);
        bad.run();
        assertThat(bad.offering.failure()).contains("expected=00", "07 (backup's)");
    }

    private static final class Transfer implements BlobStore, Blob {
        final MemoryChannel channel = new MemoryChannel(0, 400_000);
        final ByteArrayOutputStream stored = new ByteArrayOutputStream();
        final byte[] image;
        final byte[] backupDigest;
        final Offering offering;
        final Joining joining;

        Transfer(byte[] image, byte[] backupDigest) {
            this.image = image;
            this.backupDigest = backupDigest;
            offering = new Offering(
                    channel.end(Side.PRIMARY),
                    new Message.Configuration(1, new byte[16], new byte[32], DiskMode.REPLICATED, new byte[3]),
                    List.of(this));
            joining = new Joining(channel.end(Side.BACKUP), this);
            channel.end(Side.PRIMARY).trust();
            channel.end(Side.BACKUP).trust();
        }

        void run() {
            for (int i = 0; i < 100 && !joining.done(); i++) {
                offering.poll(i);
                joining.poll(i);
            }
            joining.ready(backupDigest);
            offering.poll(100);
        }

        @Override
        public String name() {
            return "kernel";
        }

        @Override
        public long bytes() {
            return image.length;
        }

        @Override
        public byte[] read(long at, int length) {
            return Arrays.copyOfRange(image, (int) at, (int) at + length);
        }

        @Override
        public void begin(String name, long bytes) {
            assertThat(name).isEqualTo("kernel");
        }

        @Override
        public void write(byte[] chunk) {
            stored.writeBytes(chunk);
        }

        @Override
        public void end() {}
    }
}
