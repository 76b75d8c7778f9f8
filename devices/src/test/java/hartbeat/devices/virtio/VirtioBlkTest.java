package hartbeat.devices.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.virtio.TestDriver.Buffer;
import hartbeat.devices.virtio.blk.VirtioBlk;
import hartbeat.emulator.io.DiskOperation;
import hartbeat.emulator.io.DiskStatus;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VirtioBlkTest {
    private static final long FLUSH = 1 << 9;
    private static final long CLEAR = 1 << 13 | 1 << 14;
    private static final long V1 = 1L << 32;
    private static final int SECTORS = 100;
    private static final long HEADER = TestDriver.BUFFERS;
    private static final long DATA = TestDriver.BUFFERS + 0x1000;
    private static final long STATUS = TestDriver.BUFFERS + 0x8000;

    private static TestDriver driver(boolean legacy, boolean readOnly) {
        return new TestDriver(() -> new VirtioBlk("blk0", new BoardConfig.Drive(SECTORS, readOnly, "serial")), legacy);
    }

    private static void request(TestDriver driver, int type, long sector, Buffer... data) {
        ByteBuffer header = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        driver.put(HEADER, header.putInt(type).putInt(0).putLong(sector).array());
        driver.memory.i8(STATUS, 0xff);
        Buffer[] all = new Buffer[data.length + 2];
        all[0] = new Buffer(HEADER, 16, false);
        System.arraycopy(data, 0, all, 1, data.length);
        all[all.length - 1] = new Buffer(STATUS, 1, true);
        driver.offer(0, all);
        driver.kick(0);
    }

    private static Input.DiskCompletion complete(TestDriver driver, int output, byte[] data) {
        Output.DiskRequest request = (Output.DiskRequest) driver.outputs.get(output);
        return new Input.DiskCompletion(driver.index(), request.request(), DiskStatus.OK, data);
    }

    private static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 7 + 1);
        }
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsWhatTheHostAnswers(boolean legacy) {
        TestDriver driver = driver(legacy, false).start(FLUSH | (legacy ? 0 : V1), 1);
        request(driver, 0, 3, new Buffer(DATA, 512, true), new Buffer(DATA + 2048, 512, true));
        assertThat(driver.outputs)
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactly(new Output.DiskRequest(7, 1, DiskOperation.READ, 3, 2, new byte[0]));
        assertThat(driver.usedIndex(0)).isZero();

        byte[] data = pattern(1024);
        driver.transport.apply(complete(driver, 0, data));

        assertThat(driver.take(DATA, 512)).isEqualTo(Arrays.copyOf(data, 512));
        assertThat(driver.take(DATA + 2048, 512)).isEqualTo(Arrays.copyOfRange(data, 512, 1024));
        assertThat(driver.memory.u8(STATUS)).isZero();
        assertThat(driver.usedIndex(0)).isEqualTo(1);
        assertThat(driver.usedLength(0, 0)).isEqualTo(1025);
        assertThat(driver.interrupt).isTrue();
        driver.set(VirtioMmio.INTERRUPT_ACK, 1);
        assertThat(driver.interrupt).isFalse();
    }

    @Test
    void aDriverWithoutFlushGetsWriteThrough() {
        TestDriver driver = driver(false, false).start(V1, 1);
        driver.put(DATA, pattern(512));
        request(driver, 1, 0, new Buffer(DATA, 512, false));
        assertThat(driver.outputs)
                .extracting(output -> ((Output.DiskRequest) output).operation())
                .containsExactly(DiskOperation.WRITE, DiskOperation.FLUSH);
        driver.transport.apply(new Input.DiskCompletion(7, 1, DiskStatus.IO_ERROR, new byte[0]));
        assertThat(driver.usedIndex(0)).isZero();
        driver.transport.apply(new Input.DiskCompletion(7, 2, DiskStatus.OK, new byte[0]));
        assertThat(driver.usedIndex(0)).isEqualTo(1);
        assertThat(driver.memory.u8(STATUS)).as("the write failed").isEqualTo(1);
    }

    @Test
    void answersGetIdAtOnce() {
        TestDriver driver = driver(false, false).start(V1 | FLUSH, 1);
        request(driver, 8, 0, new Buffer(DATA, 20, true));
        assertThat(driver.outputs).isEmpty();
        assertThat(new String(driver.take(DATA, 20), StandardCharsets.US_ASCII).trim())
                .isEqualTo("serial");
        assertThat(driver.memory.u8(STATUS)).isZero();
    }

    @Test
    void refusesWhatADiskCannotDo() {
        TestDriver driver = driver(false, false).start(V1 | FLUSH | CLEAR, 1);
        request(driver, 0, SECTORS, new Buffer(DATA, 512, true));
        assertThat(driver.memory.u8(STATUS)).as("beyond the end").isEqualTo(1);
        request(driver, 0, -1, new Buffer(DATA, 512, true));
        assertThat(driver.memory.u8(STATUS)).as("sector wraps").isEqualTo(1);
        request(driver, 0, 0, new Buffer(DATA, 100, true));
        assertThat(driver.memory.u8(STATUS)).as("not whole sectors").isEqualTo(1);
        request(driver, 99, 0);
        assertThat(driver.memory.u8(STATUS)).as("unknown type").isEqualTo(2);
        assertThat(driver.outputs).isEmpty();
        assertThat(driver.usedIndex(0)).isEqualTo(4);
        assertThat(driver.status() & Status.NEEDS_RESET).isZero();
    }

    @Test
    void aReadOnlyDiskIsNotWritten() {
        TestDriver driver = driver(false, true).start(V1 | FLUSH, 1);
        assertThat(driver.offered() & 1 << 5).isNotZero();
        request(driver, 1, 0, new Buffer(DATA, 512, false));
        assertThat(driver.memory.u8(STATUS)).isEqualTo(1);
        assertThat(driver.outputs).isEmpty();
    }

    @Test
    void discardTakesOneRange() {
        TestDriver driver = driver(false, false).start(V1 | FLUSH | CLEAR, 1);
        driver.put(
                DATA,
                ByteBuffer.allocate(16)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(8)
                        .putInt(16)
                        .array());
        request(driver, 11, 0, new Buffer(DATA, 16, false));
        assertThat(driver.outputs)
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactly(new Output.DiskRequest(7, 1, DiskOperation.DISCARD, 8, 16, new byte[0]));
    }

    @Test
    void aRequestInFlightOutlivesSaveAndRestore() {
        TestDriver driver = driver(false, false).start(V1 | FLUSH, 1);
        request(driver, 0, 3, new Buffer(DATA, 512, true));
        VirtioMmio twin = driver.twin();
        assertThat(twin.outstanding())
                .usingRecursiveFieldByFieldElementComparator()
                .isEqualTo(driver.outputs);
        // The guest cannot redirect a request that is under way.
        driver.descriptor(0, 1, TestDriver.BUFFERS + 0x4000, 512, 3, 2);
        twin.apply(new Input.DiskCompletion(7, 1, DiskStatus.OK, pattern(512)));
        assertThat(driver.take(DATA, 512)).isEqualTo(pattern(512));
        assertThat(driver.usedIndex(0)).isEqualTo(1);
        assertThat(twin.outstanding()).isEmpty();
    }

    @Test
    void completionsThatFitNoRequestAreIgnored() {
        TestDriver driver = driver(false, false).start(V1 | FLUSH, 1);
        request(driver, 0, 3, new Buffer(DATA, 512, true));
        driver.transport.apply(new Input.DiskCompletion(7, 2, DiskStatus.OK, new byte[512]));
        driver.transport.apply(new Input.Entropy(7, 1, new byte[512]));
        assertThat(driver.usedIndex(0)).isZero();
        driver.transport.apply(new Input.DiskCompletion(7, 1, DiskStatus.OK, new byte[100]));
        assertThat(driver.memory.u8(STATUS)).as("data of a wrong length").isEqualTo(1);
    }

    @Test
    void aResetForgetsRequestsButNotNumbers() {
        TestDriver driver = driver(false, false).start(V1 | FLUSH, 1);
        request(driver, 0, 3, new Buffer(DATA, 512, true));
        driver.set(VirtioMmio.STATUS, 0);
        assertThat(driver.transport.outstanding()).isEmpty();
        driver.transport.apply(new Input.DiskCompletion(7, 1, DiskStatus.OK, pattern(512)));
        assertThat(driver.take(DATA, 512)).containsOnly(0);
        TestDriver again = driver.restart(V1 | FLUSH, 1);
        request(again, 0, 3, new Buffer(DATA, 512, true));
        assertThat(((Output.DiskRequest) driver.outputs.getLast()).request()).isEqualTo(2);
    }
}
