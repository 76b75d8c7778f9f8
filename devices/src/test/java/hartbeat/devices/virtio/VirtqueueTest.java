package hartbeat.devices.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.devices.virtio.console.VirtioConsole;
import hartbeat.devices.virtio.rng.VirtioRng;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.memory.GuestMemory;
import org.junit.jupiter.api.Test;

/** Transport and rings, with the two simplest devices behind them. */
class VirtqueueTest {
    private static final long V1 = 1L << 32;
    private static final long INDIRECT = 1L << 28;
    private static final long EVENT = 1L << 29;
    private static final long RESET = 1L << 40;
    private static final long AT = TestDriver.BUFFERS;

    private static TestDriver rng() {
        return new TestDriver(() -> new VirtioRng("rng"), false);
    }

    private static TestDriver started() {
        return rng().start(V1 | INDIRECT, 1);
    }

    private static void assertBroken(TestDriver driver) {
        driver.kick(0);
        assertThat(driver.status() & Status.NEEDS_RESET).isNotZero();
        assertThat(driver.get(VirtioMmio.INTERRUPT_STATUS)).isEqualTo(2);
        assertThat(driver.outputs).isEmpty();
        // Only a reset goes on from here.
        driver.kick(0);
        assertThat(driver.outputs).isEmpty();
        driver.set(VirtioMmio.STATUS, 0);
        assertThat(driver.status()).isZero();
    }

    @Test
    void entropyFillsTheChain() {
        TestDriver driver = started();
        driver.offer(0, new TestDriver.Buffer(AT, 16, true));
        driver.kick(0);
        assertThat(driver.outputs).containsExactly(new Output.EntropyRequest(7, 1, 16));
        VirtioMmio twin = driver.twin();
        assertThat(twin.outstanding()).isEqualTo(driver.outputs);
        twin.apply(new Input.Entropy(7, 1, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}));
        assertThat(driver.memory.i32(AT)).isEqualTo(0x04030201);
        assertThat(driver.usedLength(0, 0)).isEqualTo(16);
    }

    @Test
    void aLoopOfDescriptorsBreaksTheQueue() {
        TestDriver driver = started();
        driver.descriptor(0, 0, AT, 16, 3, 1);
        driver.descriptor(0, 1, AT, 16, 3, 0);
        driver.offer(0, 0);
        assertBroken(driver);
    }

    @Test
    void indexesBeyondTheTableBreakTheQueue() {
        TestDriver head = started();
        head.offer(0, TestDriver.QUEUE_SIZE);
        assertBroken(head);
        TestDriver next = started();
        next.descriptor(0, 0, AT, 16, 3, TestDriver.QUEUE_SIZE);
        next.offer(0, 0);
        assertBroken(next);
    }

    @Test
    void anAvailIndexThatJumpsBreaksTheQueue() {
        TestDriver driver = started();
        driver.memory.i16(driver.avail(0) + 2, TestDriver.QUEUE_SIZE + 1);
        assertBroken(driver);
    }

    @Test
    void buffersOutsideMemoryBreakTheQueue() {
        for (long address : new long[] {0, GuestMemory.BASE - 1, GuestMemory.BASE + TestDriver.MEMORY_BYTES - 8, -16}) {
            TestDriver driver = started();
            driver.descriptor(0, 0, address, 16, 2, 0);
            driver.offer(0, 0);
            assertBroken(driver);
        }
        TestDriver negative = started();
        negative.descriptor(0, 0, AT, -1, 2, 0);
        negative.offer(0, 0);
        assertBroken(negative);
    }

    @Test
    void readableBuffersComeFirst() {
        TestDriver driver = started();
        driver.descriptor(0, 0, AT, 16, 3, 1);
        driver.descriptor(0, 1, AT, 16, 0, 0);
        driver.offer(0, 0);
        assertBroken(driver);
    }

    @Test
    void indirectTablesAreFollowedOnce() {
        TestDriver driver = started();
        long table = AT + 0x1000;
        driver.memory.i32(table, (int) AT);
        driver.memory.i32(table + 8, 32);
        driver.memory.i16(table + 12, 2);
        driver.descriptor(0, 0, table, 16, 4, 0);
        driver.offer(0, 0);
        driver.kick(0);
        assertThat(driver.outputs).containsExactly(new Output.EntropyRequest(7, 1, 32));

        TestDriver nested = started();
        nested.memory.i16(table + 12, 4);
        nested.memory.i32(table, (int) table);
        nested.memory.i32(table + 8, 16);
        nested.descriptor(0, 0, table, 16, 4, 0);
        nested.offer(0, 0);
        assertBroken(nested);
    }

    @Test
    void indirectWithoutNegotiationBreaksTheQueue() {
        TestDriver driver = rng().start(V1, 1);
        driver.descriptor(0, 0, AT, 16, 4, 0);
        driver.offer(0, 0);
        assertBroken(driver);
    }

    @Test
    void featuresThatWereNotOfferedAreRefused() {
        TestDriver driver = rng();
        driver.set(VirtioMmio.STATUS, 3);
        driver.set(VirtioMmio.DRIVER_FEATURES, 1);
        driver.set(VirtioMmio.DRIVER_FEATURES_SEL, 1);
        driver.set(VirtioMmio.DRIVER_FEATURES, 1);
        driver.set(VirtioMmio.STATUS, 11);
        assertThat(driver.status()).isEqualTo(3);
        driver.set(VirtioMmio.STATUS, 15);
        assertThat(driver.status()).as("no DRIVER_OK without FEATURES_OK").isEqualTo(3);
    }

    @Test
    void aQueueOutsideMemoryDoesNotBecomeReady() {
        TestDriver driver = rng();
        driver.set(VirtioMmio.STATUS, 3);
        driver.set(0x080, 0x1000);
        driver.set(0x044, 1);
        assertThat(driver.get(0x044)).isZero();
        driver.set(VirtioMmio.QUEUE_SEL, 9);
        assertThat(driver.get(VirtioMmio.QUEUE_NUM_MAX)).isZero();
    }

    @Test
    void aLiveQueueKeepsItsPlace() {
        TestDriver driver = started();
        driver.set(0x080, 0);
        driver.set(VirtioMmio.QUEUE_NUM, 4);
        driver.offer(0, new TestDriver.Buffer(AT, 16, true));
        driver.kick(0);
        assertThat(driver.outputs).hasSize(1);
    }

    @Test
    void aQueueResetForgetsItsRequests() {
        TestDriver driver = rng().start(V1 | RESET, 1);
        driver.offer(0, new TestDriver.Buffer(AT, 16, true));
        driver.kick(0);
        driver.set(0x0c0, 1);
        assertThat(driver.get(0x044)).isZero();
        assertThat(driver.get(0x0c0)).isZero();
        assertThat(driver.transport.outstanding()).isEmpty();
    }

    @Test
    void interruptsAreSuppressedAsTheDriverAsks() {
        TestDriver flags = started();
        flags.memory.i16(flags.avail(0), 1);
        flags.offer(0, new TestDriver.Buffer(AT, 4, true));
        flags.kick(0);
        flags.transport.apply(new Input.Entropy(7, 1, new byte[4]));
        assertThat(flags.interrupt).isFalse();

        TestDriver events = rng().start(V1 | EVENT, 1);
        events.memory.i16(events.avail(0) + 4 + 2 * TestDriver.QUEUE_SIZE, 1);
        for (int i = 0; i < 3; i++) {
            events.offer(0, new TestDriver.Buffer(AT, 4, true));
        }
        events.kick(0);
        assertThat(events.memory.u16(events.used(0) + 4 + 8 * TestDriver.QUEUE_SIZE))
                .as("avail_event")
                .isEqualTo(3);
        events.transport.apply(new Input.Entropy(7, 1, new byte[4]));
        // The first after the start always tells; the specification leaves it open.
        events.set(VirtioMmio.INTERRUPT_ACK, 1);
        events.transport.apply(new Input.Entropy(7, 2, new byte[4]));
        assertThat(events.interrupt).as("used_event reached").isTrue();
        events.set(VirtioMmio.INTERRUPT_ACK, 1);
        events.transport.apply(new Input.Entropy(7, 3, new byte[4]));
        assertThat(events.interrupt).as("beyond used_event").isFalse();
    }

    @Test
    void consolePrintsAndTypes() {
        TestDriver driver = new TestDriver(() -> new VirtioConsole("console"), false).start(V1, 2);
        driver.put(AT, new byte[] {'h', 'i'});
        driver.offer(1, new TestDriver.Buffer(AT, 2, false));
        driver.kick(1);
        assertThat(driver.outputs)
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactly(new Output.ConsoleOutput(7, new byte[] {'h', 'i'}));
        driver.transport.apply(new Input.ConsoleInput(7, 0, new byte[] {1, 2, 3}));
        assertThat(driver.transport.room()).isEqualTo(VirtioConsole.INPUT_BUFFER - 3);
        driver.offer(0, new TestDriver.Buffer(AT + 64, 2, true));
        driver.kick(0);
        assertThat(driver.memory.u16(AT + 64)).isEqualTo(0x0201);
        assertThat(driver.transport.room()).isEqualTo(VirtioConsole.INPUT_BUFFER - 1);
    }
}
