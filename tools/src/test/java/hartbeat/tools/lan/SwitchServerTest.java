package hartbeat.tools.lan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hartbeat.devices.host.HostException;
import hartbeat.devices.host.link.LinkAddress;
import hartbeat.devices.host.link.LinkClient;
import hartbeat.devices.host.link.LinkCodec;
import hartbeat.devices.host.link.LinkMessage;
import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The switch over real sockets. */
@Timeout(60)
class SwitchServerTest {
    private static final String MACHINE = "000102030405060708090a0b0c0d0e0f";
    private static final long GUEST_MAC = 0x020000000001L;
    private static final long SEED = Long.getLong("hartbeat.seed", 7);
    private static final LinkMessage.Hello HELLO = new LinkMessage.Hello(
            MACHINE, "guest", List.of(new LinkMessage.Nic(0, GUEST_MAC)), List.of(new LinkMessage.Console(1)));

    @TempDir
    Path directory;

    private LinkAddress unix;
    private LinkAddress tcp;
    private SwitchServer server;
    private Thread thread;

    @BeforeEach
    void start() throws Exception {
        unix = new LinkAddress.Unix(directory.resolve("lan.sock"));
        begin(List.of(unix, LinkAddress.parse("tcp:127.0.0.1:0")));
        tcp = server.addresses().get(1);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        thread.join();
    }

    private void begin(List<LinkAddress> addresses) throws HostException {
        server = SwitchServer.open(new SwitchOptions(addresses, List.of()));
        SwitchServer started = server;
        thread = Thread.ofPlatform().start(() -> {
            try {
                started.run();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    /** A machine of which only the link exists. */
    private static final class Machine implements AutoCloseable {
        final BlockingQueue<Input> inputs = new LinkedBlockingQueue<>();
        final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
        final LinkClient client;
        long number;

        Machine(LinkAddress address) throws IOException {
            client = new LinkClient(address, HELLO, inputs::add, () -> events.add("room"));
        }

        void print(long generation, String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            client.endpoint().send(generation, new Emission(++number, 0, new Output.ConsoleOutput(1, bytes)));
            client.endpoint().flush();
        }

        String typed(int length) throws InterruptedException {
            StringBuilder text = new StringBuilder();
            while (text.length() < length) {
                Input.ConsoleInput input = (Input.ConsoleInput) taken(inputs);
                text.append(new String(input.bytes(), StandardCharsets.UTF_8));
            }
            return text.toString();
        }

        @Override
        public void close() {
            client.close();
        }
    }

    /** Somebody at a console. */
    private static final class Onlooker implements ConsoleClient.Listener {
        final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
        private long next;

        @Override
        public void attached(String machineId, String machineName, long position) {
            next = position;
            events.add("attached " + machineName);
        }

        @Override
        public void printed(long position, byte[] bytes) {
            assertThat(position).isEqualTo(next);
            next += bytes.length;
            for (byte b : bytes) {
                events.add((char) b);
            }
        }

        @Override
        public void ended(String reason) {
            events.add("ended: " + reason);
        }

        String heard(int length) throws InterruptedException {
            StringBuilder text = new StringBuilder();
            while (text.length() < length) {
                text.append(taken(events));
            }
            return text.toString();
        }
    }

    @Test
    void aConsoleGoesOnOverATakeOver() throws Exception {
        Onlooker onlooker = new Onlooker();
        try (ConsoleClient console = ConsoleClient.connect(unix, "", -1, onlooker);
                Machine primary = new Machine(tcp);
                Machine backup = new Machine(unix)) {
            primary.client.endpoint().live(1, new long[2]);
            primary.print(1, "login: ");
            assertThat(taken(onlooker.events)).isEqualTo("attached guest");
            assertThat(onlooker.heard(7)).isEqualTo("login: ");
            console.type("root\n".getBytes(StandardCharsets.UTF_8));
            assertThat(primary.typed(5)).isEqualTo("root\n");

            // No log held what was typed when the backup went live, and the prompt was out.
            backup.client.endpoint().live(2, new long[2]);
            backup.print(2, "login: ");
            assertThat(backup.typed(5)).isEqualTo("root\n");
            backup.client.endpoint().logged(1, 1);
            backup.print(2, "# ");
            assertThat(onlooker.heard(2)).isEqualTo("# ");

            awaitFence(primary, 2);
            primary.print(1, "garbage of a ghost");
            backup.print(2, "ok");
            assertThat(onlooker.heard(2)).isEqualTo("ok");
        }
    }

    @Test
    void aMachineComesBackToASwitchThatWasStartedAgain() throws Exception {
        try (Machine machine = new Machine(unix)) {
            machine.client.endpoint().live(3, new long[] {0, 41});
            machine.print(3, "before");
            awaitTaken(machine, 1);
            stop();
            machine.print(3, "while it was away");
            begin(List.of(unix));
            awaitTaken(machine, 2);
            Onlooker onlooker = new Onlooker();
            try (ConsoleClient console = ConsoleClient.connect(unix, MACHINE, -1, onlooker)) {
                assertThat(taken(onlooker.events)).isEqualTo("attached guest");
                assertThat(onlooker.heard(17)).isEqualTo("while it was away");
                console.type(new byte[] {'x'});
                Input.ConsoleInput input = (Input.ConsoleInput) taken(machine.inputs);
                assertThat(input.ticket())
                        .as("goes on after what the machine knows")
                        .isEqualTo(42);
            }
        }
    }

    @Test
    void garbageEndsItsConnectionAndNothingElse() throws Exception {
        Random random = new Random(SEED);
        try (Machine machine = new Machine(tcp)) {
            machine.client.endpoint().live(1, new long[2]);
            for (int i = 0; i < 200; i++) {
                send(garbage(random));
            }
            machine.print(1, "alive");
            awaitTaken(machine, 1);
            Onlooker onlooker = new Onlooker();
            try (ConsoleClient console = ConsoleClient.connect(tcp, "", 0, onlooker)) {
                assertThat(taken(onlooker.events)).as("seed %d", SEED).isEqualTo("attached guest");
                assertThat(onlooker.heard(5)).isEqualTo("alive");
                assertThat(console.type(new byte[1 << 20])).isFalse();
            }
        }
    }

    /** Bytes of a peer that is broken in one of several ways. */
    private static byte[] garbage(Random random) {
        byte[] noise = new byte[random.nextInt(300)];
        random.nextBytes(noise);
        LinkMessage.Attach attach = new LinkMessage.Attach("", -1, -1);
        byte[] first = LinkCodec.upgrade(random.nextBoolean() ? attach : HELLO);
        return switch (random.nextInt(4)) {
            case 0 -> noise;
            case 1 -> framed(noise);
            case 2 -> {
                for (int i = 0; i < 3; i++) {
                    first[random.nextInt(first.length)] ^= (byte) (1 << random.nextInt(8));
                }
                yield framed(first);
            }
            default ->
                ByteBuffer.allocate(8 + first.length + noise.length)
                        .put(framed(first))
                        .put(framed(noise))
                        .array();
        };
    }

    private static byte[] framed(byte[] payload) {
        return ByteBuffer.allocate(4 + payload.length)
                .putInt(payload.length)
                .put(payload)
                .array();
    }

    private void send(byte[] bytes) throws IOException {
        try (SocketChannel peer = tcp.open()) {
            peer.connect(tcp.toSocketAddress());
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                peer.write(buffer);
            }
        }
    }

    @Test
    void aPeerOfAnotherVersionIsToldWhy() throws Exception {
        byte[] hello = LinkCodec.upgrade(HELLO);
        hello[19] = 9;
        try (SocketChannel peer = tcp.open()) {
            peer.connect(tcp.toSocketAddress());
            peer.write(ByteBuffer.wrap(framed(hello)));
            ByteBuffer answer = ByteBuffer.allocate(4096);
            while (peer.read(answer) >= 0) {
                assertThat(answer.hasRemaining()).isTrue();
            }
            assertThat(new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8))
                    .contains("link version: expected=2, actual=9");
        }
    }

    @Test
    void framesGoBetweenForeignMembersAndMachines() throws Exception {
        try (SocketChannel foreign = unix.open();
                Machine machine = new Machine(unix)) {
            foreign.connect(unix.toSocketAddress());
            machine.client.endpoint().live(1, new long[2]);
            byte[] announcement = readFrame(foreign);
            assertThat(ByteBuffer.wrap(announcement).getShort(12)).as("RARP").isEqualTo((short) 0x8035);
            byte[] question = new byte[60];
            ByteBuffer.wrap(question)
                    .putShort((short) (GUEST_MAC >>> 32))
                    .putInt((int) GUEST_MAC)
                    .put(new byte[] {2, 0, 0, 0, 0, 9, 8, 0});
            foreign.write(ByteBuffer.wrap(framed(question)));
            Input.FrameReceived received = (Input.FrameReceived) taken(machine.inputs);
            assertThat(received.frame()).isEqualTo(question);
            assertThat(received.ticket()).isEqualTo(1);
            machine.client.endpoint().send(1, new Emission(1, 5, new Output.FrameSent(0, announcement)));
            machine.client.endpoint().flush();
            assertThat(readFrame(foreign)).isEqualTo(announcement);
        }
    }

    private static byte[] readFrame(SocketChannel from) throws IOException {
        ByteBuffer length = ByteBuffer.allocate(4);
        while (length.hasRemaining() && from.read(length) >= 0) {
            // read on
        }
        ByteBuffer frame = ByteBuffer.allocate(length.getInt(0));
        while (frame.hasRemaining() && from.read(frame) >= 0) {
            // read on
        }
        return frame.array();
    }

    @Test
    void whatCannotBeListenedOnIsSaidInOneLine() throws Exception {
        refused(unix, "another switch does");
        refused(tcp, "choose another port");
        Path file = Files.writeString(directory.resolve("file"), "x");
        refused(new LinkAddress.Unix(file), "there is a file");
        refused(new LinkAddress.Unix(directory.resolve("none/lan.sock")), "must exist and be writable");
        assertThat(file).hasContent("x");
        assertThatThrownBy(() -> LinkAddress.parse("lan.sock")).isInstanceOf(HostException.class);
        assertThatThrownBy(() -> LinkAddress.parse("tcp:1.2.3.4:99999")).isInstanceOf(HostException.class);
        assertThatThrownBy(() -> LinkAddress.parse("unix:/" + "x".repeat(120))).isInstanceOf(HostException.class);
    }

    @Test
    void theSocketOfAKilledSwitchIsTakenOver() throws Exception {
        LinkAddress.Unix stale = new LinkAddress.Unix(directory.resolve("stale.sock"));
        java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)
                .bind(stale.toSocketAddress())
                .close();
        assertThat(stale.path()).exists();
        SwitchServer second = SwitchServer.open(new SwitchOptions(List.of(stale), List.of()));
        Thread.currentThread().interrupt();
        second.run();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(stale.path()).doesNotExist();
    }

    private static void refused(LinkAddress address, String words) {
        assertThatThrownBy(() -> SwitchServer.open(new SwitchOptions(List.of(address), List.of())))
                .isInstanceOfSatisfying(
                        HostException.class,
                        e -> assertThat(e.oneLine())
                                .contains(words)
                                .contains(address.toString())
                                .doesNotContain("\n"));
    }

    private static void awaitTaken(Machine machine, long number) throws InterruptedException {
        while (machine.client.endpoint().taken() < number
                || !machine.client.endpoint().drained()) {
            taken(machine.events);
        }
    }

    private static void awaitFence(Machine machine, long generation) throws InterruptedException {
        while (machine.client.endpoint().fencedBy() != generation) {
            taken(machine.events);
        }
    }

    private static <T> T taken(BlockingQueue<T> queue) throws InterruptedException {
        T item = queue.poll(20, TimeUnit.SECONDS);
        if (item == null) {
            throw new AssertionError("nothing came");
        }
        return item;
    }

    @Test
    void manyClientsComeAndGo() throws Exception {
        List<ConsoleClient> clients = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            clients.add(ConsoleClient.connect(i % 2 == 0 ? unix : tcp, "", -1, new Onlooker()));
        }
        clients.forEach(ConsoleClient::close);
        try (Machine machine = new Machine(unix)) {
            machine.client.endpoint().live(1, new long[2]);
            machine.print(1, "x");
            awaitTaken(machine, 1);
        }
    }

    /** Who comes again when a connection is over would otherwise be told everything a second time. */
    @Test
    void aConsoleIsOverOnlyWhenItsListenerKnowsWhy() throws Exception {
        BlockingQueue<Object> over = new LinkedBlockingQueue<>();
        AtomicReference<ConsoleClient> consoles = new AtomicReference<>();
        ConsoleClient.Listener listener = new ConsoleClient.Listener() {
            @Override
            public void printed(long position, byte[] bytes) {
                // What is printed is another test's.
            }

            @Override
            public void off() {
                over.add(consoles.get().ended());
            }
        };
        try (Machine machine = new Machine(unix)) {
            machine.client.endpoint().live(1, new long[2]);
            machine.print(1, "bye");
            awaitTaken(machine, 1);
            try (ConsoleClient console = ConsoleClient.connect(unix, "", -1, listener)) {
                consoles.set(console);
                machine.client.endpoint().send(1, new Emission(++machine.number, 0, new Output.PowerOff(0, "bye")));
                machine.client.endpoint().flush();
                assertThat(taken(over)).isEqualTo(false);
                console.close();
                assertThat(console.ended()).isTrue();
            }
        }
    }
}
