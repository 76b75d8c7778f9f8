package hartbeat.devices.virtio;

import static org.assertj.core.api.Assertions.assertThatCode;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.board.MacAddress;
import hartbeat.devices.virtio.blk.VirtioBlk;
import hartbeat.devices.virtio.console.VirtioConsole;
import hartbeat.devices.virtio.net.VirtioNet;
import hartbeat.devices.virtio.rng.VirtioRng;
import hartbeat.emulator.io.DiskOperation;
import hartbeat.emulator.io.DiskStatus;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.memory.GuestMemory;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A driver that does everything wrong, at random: rings, registers, answers. No exception may leave the device; guest memory throws
 * for any access outside.
 */
class HostileDriverTest {
    private static final int STEPS = 20_000;
    private static final long SEED = Long.getLong("hostile.seed", 20_261_121L);
    private static final int[] LENGTHS = {0, 1, 12, 16, 17, 512, 4096, 65536, 1 << 20, Integer.MAX_VALUE, -1, -512};

    @ParameterizedTest
    @CsvSource({
        "blk,false",
        "blk,true",
        "net,false",
        "net,true",
        "rng,false",
        "rng,true",
        "console,false",
        "console,true"
    })
    void survives(String device, boolean legacy) {
        assertThatCode(() -> new Attack(device, legacy).run())
                .as("repeat with: mvn -pl devices -am test -Dtest=HostileDriverTest -DargLine=-Dhostile.seed=%d", SEED)
                .doesNotThrowAnyException();
    }

    private static Supplier<VirtioDevice> device(String name) {
        return switch (name) {
            case "blk" -> () -> new VirtioBlk(name, new BoardConfig.Drive(1000, false, "id"));
            case "net" -> () -> new VirtioNet(name, new BoardConfig.Nic(MacAddress.parse("52:54:00:00:00:01"), 0));
            case "rng" -> () -> new VirtioRng(name);
            default -> () -> new VirtioConsole(name);
        };
    }

    private static final class Attack {
        private final Random random;
        private final TestDriver driver;
        private final boolean legacy;

        Attack(String device, boolean legacy) {
            this.random = new Random(SEED + device.hashCode() * 2L + (legacy ? 1 : 0));
            this.driver = new TestDriver(device(device), legacy);
            this.legacy = legacy;
        }

        void run() {
            start();
            for (int step = 0; step < STEPS; step++) {
                act();
                if (driver.outputs.size() > 64) {
                    driver.outputs.clear();
                }
            }
        }

        private void act() {
            switch (random.nextInt(16)) {
                case 0, 1, 2 -> randomDescriptor();
                case 3, 4 -> driver.offer(random.nextInt(2), random.nextInt(TestDriver.QUEUE_SIZE));
                case 5, 6, 7 -> driver.kick(random.nextInt(2));
                case 8 -> driver.memory.i16(ring(), random.nextInt());
                case 9 -> driver.transport.store(random.nextInt(64) * 4, 4, word());
                case 10 -> driver.transport.load(random.nextInt(0x200), 1 << random.nextInt(3));
                case 11, 12 -> answer();
                case 13 -> driver.transport.apply(randomInput());
                case 14 -> plausibleRequest();
                default -> {
                    if ((driver.status() & Status.NEEDS_RESET) != 0 || random.nextInt(50) == 0) {
                        start();
                    } else {
                        driver.twin();
                    }
                }
            }
        }

        private void start() {
            driver.set(VirtioMmio.STATUS, 0);
            long features = driver.offered() & (random.nextBoolean() ? -1L : random.nextLong());
            driver.restart(legacy ? features & 0xffff_ffffL : features | 1L << 32, 2);
        }

        private void randomDescriptor() {
            driver.descriptor(
                    random.nextInt(2),
                    random.nextInt(TestDriver.QUEUE_SIZE),
                    address(),
                    LENGTHS[random.nextInt(LENGTHS.length)],
                    random.nextInt(10) == 0 ? random.nextInt(1 << 16) : random.nextInt(8),
                    random.nextInt(TestDriver.QUEUE_SIZE + 1));
        }

        /** A block request that is nearly right, so that the device gets further than the first check. */
        private void plausibleRequest() {
            driver.memory.i32(TestDriver.BUFFERS, random.nextInt(15));
            driver.memory.i32(TestDriver.BUFFERS + 8, random.nextInt(1100));
            driver.memory.i32(TestDriver.BUFFERS + 12, random.nextInt(20) == 0 ? -1 : 0);
            boolean write = random.nextBoolean();
            driver.offer(
                    0,
                    new TestDriver.Buffer(TestDriver.BUFFERS, 16, false),
                    new TestDriver.Buffer(address(), LENGTHS[random.nextInt(LENGTHS.length)], write),
                    new TestDriver.Buffer(TestDriver.BUFFERS + 0x2000, 1, true));
            driver.kick(0);
        }

        private long address() {
            return switch (random.nextInt(8)) {
                case 0 -> random.nextLong();
                case 1 -> driver.descriptors(random.nextInt(2)) + random.nextInt(4200);
                case 2 -> GuestMemory.BASE + TestDriver.MEMORY_BYTES - random.nextInt(32);
                case 3 -> word();
                default -> TestDriver.BUFFERS + random.nextInt(1 << 16);
            };
        }

        private long ring() {
            return (random.nextBoolean() ? driver.avail(random.nextInt(2)) : driver.used(random.nextInt(2)))
                    + 2L * random.nextInt(4);
        }

        private int word() {
            return switch (random.nextInt(4)) {
                case 0 -> random.nextInt();
                case 1 -> (int) (GuestMemory.BASE + random.nextInt(TestDriver.MEMORY_BYTES));
                default -> random.nextInt(16);
            };
        }

        private void answer() {
            List<Output> outstanding = driver.transport.outstanding();
            if (outstanding.isEmpty()) {
                return;
            }
            switch (outstanding.getFirst()) {
                case Output.DiskRequest request -> {
                    int length = request.operation() == DiskOperation.READ ? request.sectors() * 512 : 0;
                    driver.transport.apply(new Input.DiskCompletion(
                            7, request.request(), DiskStatus.values()[random.nextInt(2)], new byte[length]));
                }
                case Output.EntropyRequest request ->
                    driver.transport.apply(new Input.Entropy(7, request.request(), new byte[request.length()]));
                default -> throw new IllegalStateException("no request: " + outstanding.getFirst());
            }
        }

        private Input.ToDevice randomInput() {
            byte[] bytes = new byte[random.nextInt(4) == 0 ? random.nextInt(70_000) : random.nextInt(2000)];
            return switch (random.nextInt(4)) {
                case 0 -> new Input.ConsoleInput(7, 0, bytes);
                case 1 -> new Input.FrameReceived(7, 0, bytes);
                case 2 -> new Input.DiskCompletion(7, random.nextInt(50), DiskStatus.OK, bytes);
                default -> new Input.Entropy(7, random.nextInt(50), bytes);
            };
        }
    }
}
