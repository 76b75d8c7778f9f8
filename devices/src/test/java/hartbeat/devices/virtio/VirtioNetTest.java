package hartbeat.devices.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.devices.Mistakes;
import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.board.MacAddress;
import hartbeat.devices.virtio.TestDriver.Buffer;
import hartbeat.devices.virtio.net.VirtioNet;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class VirtioNetTest {
    private static final long MERGE = 1 << 15;
    private static final long V1 = 1L << 32;
    private static final int RX = 0;
    private static final int TX = 1;

    private static TestDriver driver(boolean legacy) {
        MacAddress mac = MacAddress.parse("52:54:00:12:34:56");
        return new TestDriver(() -> new VirtioNet("net0", new BoardConfig.Nic(mac, 1500)), legacy);
    }

    private static byte[] frame(int length) {
        byte[] frame = new byte[length];
        for (int i = 0; i < length; i++) {
            frame[i] = (byte) (i + 1);
        }
        return frame;
    }

    private static Input.FrameReceived received(byte[] frame) {
        return new Input.FrameReceived(7, 1, frame);
    }

    @Test
    void sendsAFrameWithoutItsHeader() {
        TestDriver driver = driver(false).start(V1, 2);
        driver.put(TestDriver.BUFFERS + 12, frame(60));
        driver.offer(TX, new Buffer(TestDriver.BUFFERS, 12, false), new Buffer(TestDriver.BUFFERS + 12, 60, false));
        driver.kick(TX);
        assertThat(driver.outputs)
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactly(new Output.FrameSent(7, frame(60)));
        assertThat(driver.usedIndex(TX)).isEqualTo(1);
    }

    @Test
    void legacyHeadersAreTwoBytesShorter() {
        TestDriver driver = driver(true).start(0, 2);
        driver.put(TestDriver.BUFFERS + 10, frame(60));
        driver.offer(TX, new Buffer(TestDriver.BUFFERS, 70, false));
        driver.kick(TX);
        assertThat(((Output.FrameSent) driver.outputs.getFirst()).frame()).isEqualTo(frame(60));
    }

    @Test
    void mergesBuffersForALongFrame() {
        TestDriver driver = driver(false).start(V1 | MERGE, 2);
        for (int i = 0; i < 3; i++) {
            driver.offer(RX, new Buffer(TestDriver.BUFFERS + 512L * i, 512, true));
        }
        driver.kick(RX);
        driver.transport.apply(received(frame(1000)));
        assertThat(driver.usedIndex(RX)).isEqualTo(2);
        assertThat(driver.memory.u16(TestDriver.BUFFERS + 10)).as("num_buffers").isEqualTo(2);
        assertThat(driver.take(TestDriver.BUFFERS + 12, 500)).isEqualTo(Arrays.copyOf(frame(1000), 500));
        assertThat(driver.take(TestDriver.BUFFERS + 512, 500)).isEqualTo(Arrays.copyOfRange(frame(1000), 500, 1000));
        assertThat(driver.usedLength(RX, 0)).isEqualTo(512);
        assertThat(driver.usedLength(RX, 1)).isEqualTo(500);
    }

    @Test
    void framesWaitForBuffersAndSurviveRestore() {
        TestDriver driver = driver(false).start(V1 | MERGE, 2);
        driver.transport.apply(received(frame(100)));
        assertThat(driver.transport.room()).isEqualTo(VirtioNet.PENDING_FRAMES - 1);
        VirtioMmio twin = driver.twin();
        driver.offer(RX, new Buffer(TestDriver.BUFFERS, 512, true));
        twin.store(VirtioMmio.QUEUE_NOTIFY, 4, RX);
        assertThat(driver.take(TestDriver.BUFFERS + 12, 100)).isEqualTo(frame(100));
        assertThat(twin.room()).isEqualTo(VirtioNet.PENDING_FRAMES);
    }

    @Test
    void whatDoesNotFitIsDroppedAndCounted() {
        TestDriver driver = driver(false);
        driver.transport.apply(received(frame(100)));
        assertThat(driver.transport.mistakes().of(Mistakes.Kind.INPUT_DROPPED)).isEqualTo(1);
        driver.start(V1, 2);
        for (int i = 0; i <= VirtioNet.PENDING_FRAMES; i++) {
            driver.transport.apply(received(frame(60)));
        }
        assertThat(driver.transport.room()).isZero();
        assertThat(driver.transport.mistakes().of(Mistakes.Kind.INPUT_DROPPED)).isEqualTo(2);
    }

    @Test
    void configurationSpaceHasMacStatusAndMtu() {
        TestDriver driver = driver(false);
        assertThat(driver.transport.load(VirtioMmio.CONFIG, 4)).isEqualTo(0x12005452);
        assertThat(driver.transport.load(VirtioMmio.CONFIG + 4, 2)).isEqualTo(0x5634);
        assertThat(driver.transport.load(VirtioMmio.CONFIG + 6, 2)).isEqualTo(1);
        assertThat(driver.transport.load(VirtioMmio.CONFIG + 10, 2)).isEqualTo(1500);
        assertThat(driver.transport.load(VirtioMmio.CONFIG + 100, 4)).isZero();
    }
}
