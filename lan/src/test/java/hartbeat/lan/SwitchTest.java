package hartbeat.lan;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.devices.host.link.LinkCodec;
import hartbeat.devices.host.link.LinkMessage;
import hartbeat.devices.host.link.LinkMessage.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The switch's rules one by one, without sockets. */
class SwitchTest {
    private static final long SEED = Long.getLong("hartbeat.seed", 11);
    private static final long A = 0x020000000010L;
    private static final long B = 0x020000000011L;
    private static final long BROADCAST = 0xffff_ffff_ffffL;
    private static final LinkMessage.Hello HELLO = new LinkMessage.Hello(
            PairStory.MACHINE,
            "guest",
            List.of(new LinkMessage.Nic(0, PairStory.GUEST_MAC)),
            List.of(new LinkMessage.Console(1)));

    private final Switch lan = new Switch();
    private long now = 1;

    private static byte[] frame(long to, long from) {
        return ByteBuffer.allocate(60)
                .putShort((short) (to >>> 32))
                .putInt((int) to)
                .putShort((short) (from >>> 32))
                .putInt((int) from)
                .array();
    }

    private int frames(int connection) {
        int count = 0;
        while (lan.next(connection) != null) {
            count++;
        }
        return count;
    }

    private int machine(long generation, long... resume) {
        int connection = lan.connect("machine");
        assertThat(lan.receive(connection, LinkCodec.upgrade(HELLO), now)).isTrue();
        List<LinkMessage.Resume> after = new ArrayList<>();
        for (int i = 0; i < resume.length; i++) {
            after.add(new LinkMessage.Resume(i, resume[i]));
        }
        send(connection, new LinkMessage.Live(generation, after));
        return connection;
    }

    private boolean send(int connection, LinkMessage message) {
        return lan.receive(connection, LinkCodec.encode(message), now);
    }

    private List<LinkMessage> heard(int connection) throws Exception {
        List<LinkMessage> messages = new ArrayList<>();
        for (byte[] payload = lan.next(connection); payload != null; payload = lan.next(connection)) {
            messages.add(LinkCodec.decode(payload));
        }
        return messages;
    }

    private static List<Long> tickets(List<LinkMessage> messages) {
        List<Long> tickets = new ArrayList<>();
        for (LinkMessage message : messages) {
            if (message instanceof LinkMessage.Item item) {
                tickets.add(item.ticket());
            }
        }
        return tickets;
    }

    @Test
    void learnsWhereAnAddressIsAndForgetsIt() {
        int a = lan.connect("a");
        int b = lan.connect("b");
        int c = lan.connect("c");
        lan.receive(a, frame(B, A), now);
        assertThat(frames(b)).isEqualTo(1);
        assertThat(frames(c)).as("flooded").isEqualTo(1);
        assertThat(frames(a)).as("not back").isZero();
        lan.receive(b, frame(A, B), now);
        assertThat(frames(a)).isEqualTo(1);
        assertThat(frames(c)).as("known").isZero();
        lan.receive(b, frame(BROADCAST, B), now);
        assertThat(frames(a) + frames(c)).isEqualTo(2);
        now += MacTable.AGEING_NANOS + 1;
        lan.receive(b, frame(A, B), now);
        assertThat(frames(a) + frames(c)).as("aged").isEqualTo(2);
        lan.receive(c, frame(BROADCAST, A), now);
        lan.receive(b, frame(A, B), now);
        assertThat(frames(a)).as("moved: only the broadcast").isEqualTo(1);
        assertThat(frames(c)).isEqualTo(1);
        lan.disconnect(c, now);
        lan.receive(b, frame(A, B), now);
        assertThat(frames(a)).as("flooded again").isEqualTo(1);
        lan.receive(b, new byte[5], now);
        assertThat(frames(a)).isZero();
    }

    @Test
    void theAddressTableAndTheQueuesAreBounded() {
        MacTable table = new MacTable();
        LanPort port = frame -> {};
        for (int i = 0; i < 3 * MacTable.CAPACITY; i++) {
            table.learn(i, port, i);
        }
        assertThat(table.size()).isEqualTo(MacTable.CAPACITY);
        assertThat(table.lookUp(0, 1)).isNull();
        assertThat(table.lookUp(3 * MacTable.CAPACITY - 1, 1)).isEqualTo(port);
        int a = lan.connect("a");
        int b = lan.connect("b");
        for (int i = 0; i < 100_000; i++) {
            lan.receive(a, frame(BROADCAST, A), now);
        }
        assertThat(frames(b)).isLessThan(20_000);
    }

    @Test
    void itemsAreKeptUntilALogHoldsThemAndGivenToWhoeverIsLive() throws Exception {
        int first = machine(1, 0, 0);
        int peer = lan.connect("peer");
        for (int i = 0; i < 5; i++) {
            lan.receive(peer, frame(BROADCAST, A), now);
        }
        assertThat(tickets(heard(first))).containsExactly(1L, 2L, 3L, 4L, 5L);
        send(first, new LinkMessage.Logged(0, 2));
        int second = machine(2, 3, 0);
        assertThat(tickets(heard(second))).containsExactly(4L, 5L);
        assertThat(heard(first)).contains(new LinkMessage.Fenced(2));
        lan.receive(peer, frame(BROADCAST, A), now);
        assertThat(tickets(heard(second))).containsExactly(6L);
        assertThat(tickets(heard(first))).isEmpty();
        lan.disconnect(second, now);
        int third = machine(3, 2, 0);
        assertThat(tickets(heard(third))).as("kept from the second, too").containsExactly(3L, 4L, 5L, 6L);
    }

    @Test
    void theOldestFramesAreLostWhenNobodyLogsThem() throws Exception {
        int machine = machine(1, 0, 0);
        int peer = lan.connect("peer");
        int count = 60_000;
        for (int i = 0; i < count; i++) {
            lan.receive(peer, frame(BROADCAST, A), now);
        }
        List<Long> tickets = tickets(heard(machine));
        assertThat(tickets).isSorted().doesNotHaveDuplicates().hasSizeBetween(10_000, 40_000);
        assertThat(tickets.getLast()).isEqualTo(count);
    }

    @Test
    void outputsAreTakenOnceAndAnOlderGenerationIsRefused() throws Exception {
        int console = lan.connect("console");
        lan.receive(console, LinkCodec.upgrade(new LinkMessage.Attach("", -1, -1)), now);
        int first = machine(1, 0, 0);
        byte[] x = {'x'};
        byte[] y = {'y'};
        send(first, new LinkMessage.Output(1, 7, 1, Kind.CONSOLE, x));
        send(first, new LinkMessage.Output(1, 7, 1, Kind.CONSOLE, x));
        send(first, new LinkMessage.Output(1, 6, 1, Kind.CONSOLE, x));
        assertThat(heard(first)).contains(new LinkMessage.Taken(7));
        int second = machine(2, 0, 0);
        send(first, new LinkMessage.Output(1, 8, 1, Kind.CONSOLE, x));
        assertThat(heard(first)).containsExactly(new LinkMessage.Fenced(2));
        send(second, new LinkMessage.Output(2, 7, 1, Kind.CONSOLE, x));
        send(second, new LinkMessage.Output(2, 8, 1, Kind.CONSOLE, y));
        StringBuilder printed = new StringBuilder();
        for (LinkMessage message : heard(console)) {
            if (message instanceof LinkMessage.Printed m) {
                printed.append(new String(m.bytes(), StandardCharsets.UTF_8));
            }
        }
        assertThat(printed).hasToString("xy");
        assertThat(lan.counters().repeats()).isEqualTo(3);
        assertThat(lan.counters().fenced()).isEqualTo(1);
        int late = machine(1, 0, 0);
        assertThat(heard(late)).contains(new LinkMessage.Fenced(2));
    }

    @Test
    void aGenerationThatNeverWentLiveCannotSend() {
        int machine = machine(1, 0, 0);
        assertThat(send(machine, new LinkMessage.Output(2, 1, 1, Kind.CONSOLE, new byte[1])))
                .isFalse();
        assertThat(lan.ended(machine)).isTrue();
    }

    @Test
    void typedBytesWaitAtTheirSenderAndAreNeverLost() throws Exception {
        int machine = machine(1, 0, 0);
        int console = lan.connect("console");
        lan.receive(console, LinkCodec.upgrade(new LinkMessage.Attach("", -1, -1)), now);
        long typed = 0;
        while (lan.readable(console)) {
            send(console, new LinkMessage.Typed(new byte[1000]));
            typed += 1000;
        }
        assertThat(typed).isBetween(10_000L, 1_000_000L);
        long given = 0;
        while (given < typed) {
            LinkMessage.Item last = null;
            for (LinkMessage message : heard(machine)) {
                if (message instanceof LinkMessage.Item item) {
                    given += item.bytes().length;
                    last = item;
                }
            }
            if (last == null) {
                throw new AssertionError("expected=" + typed + " bytes, actual=" + given);
            }
            send(machine, new LinkMessage.Logged(1, last.ticket()));
        }
        assertThat(given).isEqualTo(typed);
        assertThat(lan.readable(console)).isTrue();
    }

    @Test
    void aLateClientSeesTheEndOfTheHistoryAndASlowOneItsGap() throws Exception {
        int machine = machine(1, 0, 0);
        int early = lan.connect("early");
        lan.receive(early, LinkCodec.upgrade(new LinkMessage.Attach("", -1, 0)), now);
        byte[] block = new byte[100_000];
        for (int i = 1; i <= 5; i++) {
            send(machine, new LinkMessage.Output(1, i, 1, Kind.CONSOLE, block));
        }
        for (int connection : new int[] {early, attach(-1), attach(0)}) {
            long end = 0;
            long bytes = 0;
            for (LinkMessage message : heard(connection)) {
                if (message instanceof LinkMessage.Printed m) {
                    bytes += m.bytes().length;
                    end = m.position() + m.bytes().length;
                }
            }
            assertThat(end).isEqualTo(500_000);
            assertThat(bytes).isEqualTo(GuestConsole.HISTORY_BYTES);
        }
        assertThat(heard(attach(500_000))).hasSize(2);
    }

    @Test
    void aClientThatHasSeenAllIsToldThatTheGuestIsOff() throws Exception {
        int machine = machine(1, 0, 0);
        int early = attach(-1);
        byte[] line = "power off\n".getBytes(StandardCharsets.US_ASCII);
        send(machine, new LinkMessage.Output(1, 1, 1, Kind.CONSOLE, line));
        assertThat(lan.ended(early)).isFalse();
        send(machine, new LinkMessage.Output(1, 2, 0, Kind.OFF, new byte[1]));
        lan.disconnect(machine, now);
        for (int connection : new int[] {early, attach(-1)}) {
            List<LinkMessage> told = heard(connection);
            assertThat(told.get(told.size() - 2)).isInstanceOf(LinkMessage.Printed.class);
            assertThat(told.getLast()).isEqualTo(new LinkMessage.Off());
            assertThat(lan.ended(connection)).isTrue();
        }
    }

    private int attach(long from) {
        int connection = lan.connect("console");
        lan.receive(connection, LinkCodec.upgrade(new LinkMessage.Attach(PairStory.MACHINE, 1, from)), now);
        return connection;
    }

    @Test
    void aMachineThatIsGoneForLongIsForgotten() throws Exception {
        int machine = machine(1, 0, 0);
        int console = attach(-1);
        lan.disconnect(machine, now);
        lan.poll(now + Switch.FORGET_NANOS - 1);
        assertThat(lan.counters().machines()).isEqualTo(1);
        lan.poll(now + Switch.FORGET_NANOS);
        assertThat(lan.counters().machines()).isZero();
        assertThat(heard(console).getLast()).isInstanceOf(LinkMessage.Refused.class);
        assertThat(lan.ended(console)).isTrue();
    }

    @Test
    void aMachineWithOtherDevicesUnderTheSameIdIsRefused() {
        machine(1, 0, 0);
        int other = lan.connect("other");
        LinkMessage.Hello hello = new LinkMessage.Hello(PairStory.MACHINE, "guest", List.of(), List.of());
        assertThat(lan.receive(other, LinkCodec.upgrade(hello), now)).isFalse();
    }

    @Test
    void noPayloadGetsAnExceptionOutOfTheSwitch() {
        Random random = new Random(SEED);
        List<byte[]> seeds = List.of(
                LinkCodec.upgrade(HELLO),
                LinkCodec.upgrade(new LinkMessage.Attach("", -1, -1)),
                LinkCodec.encode(new LinkMessage.Live(1, List.of(new LinkMessage.Resume(0, 5)))),
                LinkCodec.encode(new LinkMessage.Logged(1, 3)),
                LinkCodec.encode(new LinkMessage.Output(1, 4, 0, Kind.FRAME, frame(BROADCAST, A))),
                LinkCodec.encode(new LinkMessage.Announce(1, 0, frame(BROADCAST, A))),
                LinkCodec.encode(new LinkMessage.Typed(new byte[20])),
                frame(BROADCAST, B));
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            now++;
            if (open.size() < 20) {
                open.add(lan.connect("peer " + i));
            }
            int connection = open.get(random.nextInt(open.size()));
            byte[] payload = seeds.get(random.nextInt(seeds.size())).clone();
            for (int flips = random.nextInt(3); flips > 0; flips--) {
                payload[random.nextInt(payload.length)] ^= (byte) (1 << random.nextInt(8));
            }
            boolean good = lan.receive(connection, payload, now);
            frames(connection);
            if (!good || random.nextInt(50) == 0) {
                lan.disconnect(connection, now);
                open.remove((Integer) connection);
            }
            lan.poll(now);
        }
        assertThat(lan.counters().connections()).as("seed %d", SEED).isEqualTo(open.size());
    }
}
