package hartbeat.tools.lan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hartbeat.devices.host.HostException;
import hartbeat.devices.host.link.FrameReader;
import hartbeat.devices.host.link.LinkAddress;
import hartbeat.lan.Switch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** passt as a member of the LAN, where the distribution has installed it. */
@Timeout(60)
class UplinkTest {
    private static final long GUEST = 0x525400123456L;
    private static final int GUEST_IPV4 = 0x0a00020f;
    private static final int GATEWAY_IPV4 = 0x0a000202;

    @TempDir
    Path directory;

    @TestFactory
    Stream<DynamicTest> passt() {
        boolean installed = Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "passt")));
        return installed
                ? Stream.of(DynamicTest.dynamicTest("leads a connection of the host to the guest", this::forwards))
                : Stream.of(DynamicTest.dynamicTest("is asked for in one line where it is missing", this::missing));
    }

    @Test
    void uplinkOptionsAreReadStrictly() throws Exception {
        assertThat(SwitchOptions.Forward.parse("127.0.0.1:8080=80"))
                .isEqualTo(new SwitchOptions.Forward("127.0.0.1", 8080, 80));
        assertThat(SwitchOptions.Forward.parse("8080=80")).isEqualTo(new SwitchOptions.Forward("127.0.0.1", 8080, 80));
        for (String bad : new String[] {"", "80", "=80", "80=", "0=1", "1=70000", "a:1=2", "1.2.3.4:=5", "x=y"}) {
            assertThatThrownBy(() -> SwitchOptions.Forward.parse(bad))
                    .isInstanceOf(HostException.class)
                    .hasMessageContaining("[ADDRESS:]PORT=GUESTPORT");
        }
        assertThat(TapDevice.parse("10.0.2.2/24")).containsExactly(0x0a000202, 24);
        for (String bad : new String[] {"10.0.2.2", "10.0.2.256/24", "10.0.2.2/33", "x"}) {
            assertThatThrownBy(() -> TapDevice.parse(bad)).isInstanceOf(HostException.class);
        }
        SwitchOptions.Tap tap = new SwitchOptions.Tap("a name with spaces", "");
        assertThatThrownBy(() -> TapUplink.open(tap, new Switch(), () -> {})).isInstanceOf(HostException.class);
        List<SwitchOptions.Forward> forwards = List.of(
                new SwitchOptions.Forward("127.0.0.1", 8080, 80), new SwitchOptions.Forward("127.0.0.1", 2323, 23));
        assertThat(PasstUplink.command(Path.of("/run/x"), new SwitchOptions.Passt(forwards)))
                .containsSubsequence(
                        "--socket",
                        "/run/x/socket",
                        "--tcp-ports",
                        "127.0.0.1/8080:80",
                        "--tcp-ports",
                        "127.0.0.1/2323:23");
        assertThat(PasstUplink.command(Path.of("/run/x"), new SwitchOptions.Passt(List.of())))
                .containsSubsequence("--tcp-ports", "none");
        assertThat(Namespaces.command("java", "-jar"))
                .containsExactly("unshare", "--user", "--map-root-user", "--net", "java", "-jar");
    }

    @Test
    void onlyTheGuestOfPasstIsShownToPasst() {
        Switch lan = new Switch();
        int passt = lan.connect("passt", PasstUplink::concerns);
        int other = lan.connect("other");
        lan.receive(other, arp(0x0a000210), 0);
        lan.receive(other, broadcast(0), 0);
        assertThat(lan.next(passt)).isNull();
        lan.receive(other, arp(0x0a00020f), 0);
        lan.receive(other, broadcast(0x0800), 0);
        assertThat(lan.next(passt)).isNotNull();
        assertThat(lan.next(passt)).isNotNull();
    }

    private static byte[] arp(int sender) {
        return ByteBuffer.wrap(broadcast(0x0806)).putInt(28, sender).array();
    }

    private static byte[] broadcast(int type) {
        return ByteBuffer.allocate(60)
                .putInt(-1)
                .putShort((short) -1)
                .putShort((short) (GUEST >>> 32))
                .putInt((int) GUEST)
                .putShort((short) type)
                .array();
    }

    private void missing() {
        assertThatThrownBy(() -> PasstUplink.start(new SwitchOptions.Passt(List.of())))
                .isInstanceOfSatisfying(
                        HostException.class,
                        e -> assertThat(e.oneLine())
                                .contains("apt install passt")
                                .doesNotContain("\n"));
    }

    private void forwards() throws Exception {
        LinkAddress at = new LinkAddress.Unix(directory.resolve("lan.sock"));
        int port = freePort();
        SwitchOptions.Passt passt = new SwitchOptions.Passt(List.of(new SwitchOptions.Forward("127.0.0.1", port, 80)));
        SwitchServer server;
        try {
            server = SwitchServer.open(new SwitchOptions(List.of(at), List.of(passt)));
        } catch (HostException e) {
            // A host without a network or without user namespaces: then this is what its user reads.
            assertThat(e.oneLine()).startsWith("passt").contains("hint").doesNotContain("\n");
            return;
        }
        Thread thread = Thread.ofPlatform().start(() -> run(server));
        try (SocketChannel guest = at.open()) {
            guest.connect(at.toSocketAddress());
            FrameReader reader = new FrameReader(1 << 17);
            send(guest, arpRequest());
            ByteBuffer answer = receive(guest, reader, 0x0806);
            assertThat(answer.getInt(28)).as("the gateway answers").isEqualTo(GATEWAY_IPV4);
            try (SocketChannel client = SocketChannel.open()) {
                client.configureBlocking(false);
                client.connect(new InetSocketAddress("127.0.0.1", port));
                ByteBuffer syn = receive(guest, reader, 0x0800);
                assertThat(syn.getLong(0) >>> 16).as("to the guest's card").isEqualTo(GUEST);
                assertThat(syn.getInt(30)).isEqualTo(GUEST_IPV4);
                assertThat(syn.getShort(36)).as("port in the guest").isEqualTo((short) 80);
                assertThat(syn.get(47) & 0x3f).as("SYN").isEqualTo(2);
            }
            assertThatThrownBy(() -> PasstUplink.start(passt))
                    .as("port in use")
                    .isInstanceOfSatisfying(
                            HostException.class,
                            e -> assertThat(e.oneLine()).contains("port").doesNotContain("\n"));
        } finally {
            server.close();
            thread.join();
        }
    }

    @Test
    void aTapOfAnAddressThatIsNoneIsRefusedBeforeAnythingIsMade() {
        SwitchOptions.Tap tap = new SwitchOptions.Tap("hartbeat-much-too-long", "10.0.2.2/24");
        SwitchOptions options =
                new SwitchOptions(List.of(new LinkAddress.Unix(directory.resolve("lan.sock"))), List.of(tap));
        assertThatThrownBy(() -> SwitchServer.open(options)).isInstanceOf(HostException.class);
        assertThat(directory.resolve("lan.sock")).doesNotExist();
    }

    private static void run(SwitchServer server) {
        try {
            server.run();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static byte[] arpRequest() {
        return ByteBuffer.allocate(60)
                .putShort((short) -1)
                .putInt(-1)
                .putShort((short) (GUEST >>> 32))
                .putInt((int) GUEST)
                .put(new byte[] {8, 6, 0, 1, 8, 0, 6, 4, 0, 1})
                .putShort((short) (GUEST >>> 32))
                .putInt((int) GUEST)
                .putInt(GUEST_IPV4)
                .putShort((short) 0)
                .putInt(0)
                .putInt(GATEWAY_IPV4)
                .array();
    }

    private static void send(SocketChannel to, byte[] frame) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(4 + frame.length)
                .putInt(frame.length)
                .put(frame)
                .flip();
        while (buffer.hasRemaining()) {
            to.write(buffer);
        }
    }

    /** The next frame of a type; others are passed over. */
    private static ByteBuffer receive(SocketChannel from, FrameReader reader, int etherType) throws Exception {
        while (true) {
            byte[] frame = reader.next();
            if (frame == null) {
                assertThat(from.read(reader.buffer())).isPositive();
            } else if ((ByteBuffer.wrap(frame).getShort(12) & 0xffff) == etherType) {
                return ByteBuffer.wrap(frame);
            }
        }
    }
}
