package hartbeat.devices.host.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hartbeat.devices.host.link.LinkMessage.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LinkCodecTest {
    private static final long SEED = Long.getLong("hartbeat.seed", 3);
    private static final String ID = "00112233445566778899aabbccddeeff";
    private static final byte[] DATA = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14};

    private static List<LinkMessage> oneOfEach() {
        return List.of(
                new LinkMessage.Hello(
                        ID,
                        "gäst",
                        List.of(new LinkMessage.Nic(4, 0x525400123456L)),
                        List.of(new LinkMessage.Console(0))),
                new LinkMessage.Live(3, List.of(new LinkMessage.Resume(4, 77), new LinkMessage.Resume(0, 0))),
                new LinkMessage.Logged(4, 78),
                new LinkMessage.Output(3, 1L << 40, 4, Kind.FRAME, DATA),
                new LinkMessage.Announce(3, 4, DATA),
                new LinkMessage.Welcome(),
                new LinkMessage.Item(0, 9, Kind.CONSOLE, DATA),
                new LinkMessage.Taken(5),
                new LinkMessage.Fenced(4),
                new LinkMessage.Refused("because"),
                new LinkMessage.Attach("", -1, -1),
                new LinkMessage.Attach(ID, 2, 1L << 33),
                new LinkMessage.Attached(ID, "guest", 2, 0),
                new LinkMessage.Printed(1L << 33, DATA),
                new LinkMessage.Output(3, 1L << 40, 0, Kind.OFF, new byte[1]),
                new LinkMessage.Off(),
                new LinkMessage.Typed(DATA));
    }

    @Test
    void everyMessageComesBack() throws Exception {
        Set<Class<?>> kinds = new HashSet<>();
        for (LinkMessage message : oneOfEach()) {
            LinkMessage back = LinkCodec.decode(LinkCodec.encode(message));
            assertThat(back).usingRecursiveComparison().isEqualTo(message);
            assertThat(LinkCodec.upgraded(LinkCodec.upgrade(message)))
                    .usingRecursiveComparison()
                    .isEqualTo(message);
            kinds.add(message.getClass());
        }
        assertThat(kinds).containsExactlyInAnyOrder(LinkMessage.class.getPermittedSubclasses());
    }

    @Test
    void aMessageThatIsCutOffOrTooLongIsRefused() throws Exception {
        for (LinkMessage message : oneOfEach()) {
            byte[] whole = LinkCodec.encode(message);
            boolean openEnded = message instanceof LinkMessage.Output
                    || message instanceof LinkMessage.Announce
                    || message instanceof LinkMessage.Item
                    || message instanceof LinkMessage.Printed
                    || message instanceof LinkMessage.Typed;
            if (!openEnded) {
                for (int length = 0; length < whole.length; length++) {
                    byte[] part = Arrays.copyOf(whole, length);
                    assertThatThrownBy(() -> LinkCodec.decode(part)).isInstanceOf(LinkFormatException.class);
                }
                byte[] longer = Arrays.copyOf(whole, whole.length + 1);
                assertThatThrownBy(() -> LinkCodec.decode(longer)).isInstanceOf(LinkFormatException.class);
            }
        }
        byte[] huge = LinkCodec.encode(new LinkMessage.Typed(new byte[LinkMessage.MAX_DATA_BYTES + 1]));
        assertThatThrownBy(() -> LinkCodec.decode(huge)).hasMessageContaining("data: expected=1 to 1048576");
    }

    @Test
    void garbageIsAMessageOrAFormatErrorAndNothingElse() {
        Random random = new Random(SEED);
        List<LinkMessage> messages = oneOfEach();
        int understood = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes;
            if (random.nextBoolean()) {
                bytes = new byte[random.nextInt(64)];
                random.nextBytes(bytes);
            } else {
                bytes = LinkCodec.encode(messages.get(random.nextInt(messages.size())));
                for (int flips = random.nextInt(4); flips >= 0; flips--) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            try {
                byte[] again = LinkCodec.encode(LinkCodec.decode(bytes));
                byte[] twice = LinkCodec.encode(LinkCodec.decode(again));
                assertThat(twice).as("seed %d, step %d", SEED, i).isEqualTo(again);
                understood++;
            } catch (LinkFormatException e) {
                assertThat(e.getMessage().indexOf('\n')).isNegative();
            }
        }
        assertThat(understood).isPositive();
    }

    @Test
    void anOrdinaryFrameIsNoUpgrade() throws Exception {
        byte[] frame = new byte[60];
        assertThat(LinkCodec.upgraded(frame)).isNull();
        assertThat(LinkCodec.upgraded(new byte[0])).isNull();
        byte[] experimental = LinkCodec.upgrade(new LinkMessage.Welcome());
        experimental[17]++;
        assertThat(LinkCodec.upgraded(experimental))
                .as("another's use of the EtherType")
                .isNull();
        assertThat(ByteBuffer.wrap(experimental).getShort(12)).isEqualTo((short) 0x88b5);
        assertThat(experimental[0] & 1).as("group address").isEqualTo(1);
    }

    @Test
    void payloadsSurviveAnyCutting() throws Exception {
        Random random = new Random(SEED);
        List<byte[]> sent = new ArrayList<>();
        ByteBuffer stream = ByteBuffer.allocate(1 << 20);
        while (stream.remaining() > 70_000) {
            byte[] payload = new byte[1 + random.nextInt(random.nextInt(10) == 0 ? 69_632 : 1500)];
            random.nextBytes(payload);
            sent.add(payload);
            stream.putInt(payload.length).put(payload);
        }
        stream.flip();
        FrameReader reader = new FrameReader(LinkCodec.MAX_FRAME_BYTES);
        List<byte[]> received = new ArrayList<>();
        while (stream.hasRemaining()) {
            assertThat(reader.buffer().hasRemaining()).isTrue();
            int length = Math.min(Math.min(reader.buffer().remaining(), stream.remaining()), 1 + random.nextInt(5000));
            reader.buffer().put(stream.slice(stream.position(), length));
            stream.position(stream.position() + length);
            for (byte[] payload = reader.next(); payload != null; payload = reader.next()) {
                received.add(payload);
            }
        }
        assertThat(received).as("seed %d", SEED).containsExactlyElementsOf(sent);
    }

    @Test
    void aLengthBeyondTheLimitIsRefusedBeforeAnythingIsAllocated() {
        for (int length : new int[] {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, LinkCodec.MAX_FRAME_BYTES + 1}) {
            FrameReader reader = new FrameReader(LinkCodec.MAX_FRAME_BYTES);
            reader.buffer().putInt(length);
            int before = reader.buffer().capacity();
            assertThatThrownBy(reader::next)
                    .isInstanceOf(LinkFormatException.class)
                    .hasMessageContaining("expected=1 to 69632");
            assertThat(reader.buffer().capacity()).isEqualTo(before);
        }
    }
}
