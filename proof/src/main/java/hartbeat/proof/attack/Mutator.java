package hartbeat.proof.attack;

import hartbeat.devices.board.MemoryMap;
import hartbeat.emulator.io.DiskStatus;
import hartbeat.emulator.io.Input;
import hartbeat.proof.attack.Step.How;
import hartbeat.proof.fault.Seeded;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws the steps of a life: phrases of a right driver, so that the devices get somewhere, with something wrong in each of them now
 * and then, and blows between them.
 */
final class Mutator {
    private static final int GUEST_PAGE_SIZE = 0x028;
    private static final int DEVICE_FEATURES_SEL = 0x014;
    private static final int DRIVER_FEATURES = 0x020;
    private static final int DRIVER_FEATURES_SEL = 0x024;
    private static final int QUEUE_SEL = 0x030;
    private static final int QUEUE_NUM = 0x038;
    private static final int QUEUE_ALIGN = 0x03c;
    private static final int QUEUE_PFN = 0x040;
    private static final int QUEUE_READY = 0x044;
    private static final int QUEUE_NOTIFY = 0x050;
    private static final int INTERRUPT_ACK = 0x064;
    private static final int STATUS = 0x070;
    private static final int QUEUE_DESC = 0x080;
    private static final int QUEUE_DRIVER = 0x090;
    private static final int QUEUE_DEVICE = 0x0a0;
    private static final int QUEUE_RESET = 0x0c0;
    private static final int CONFIG = 0x100;

    private static final int NEXT = 1;
    private static final int WRITE = 2;
    private static final int INDIRECT = 4;
    private static final int SYSCON_OFF = 0x5555;
    private static final int SYSCON_RESET = 0x7777;

    private static final int[] WORDS = {
        0,
        1,
        2,
        3,
        4,
        0x10,
        0x7f,
        0xff,
        0x100,
        0x1000,
        0x10000,
        0x7fffffff,
        0x80000000,
        0xffff0000,
        0xfffffff0,
        -1,
        1 << 28,
        1 << 30
    };
    /** Request types of a disk, some more often than others. */
    private static final int[] TYPES = {0, 0, 1, 1, 4, 8, 11, 13};

    /** Features of the device in each slot: those of a disk, of one that is read only, of a network card, none. */
    private static final int[] OFFERED = {
        1 << 1 | 1 << 2 | 1 << 4 | 1 << 6 | 1 << 9 | 1 << 10 | 1 << 13 | 1 << 14,
        1 << 5 | 1 << 9,
        1 << 3 | 1 << 5 | 1 << 15 | 1 << 16,
        0,
        1
    };

    private final Seeded chance;
    private final boolean modern;
    private final int uart;
    private final int slots;
    private final long tohost;
    private final List<Step> steps = new ArrayList<>();
    private final int[] size = new int[Arena.RINGS];
    private final int[] made = new int[Arena.RINGS];

    Mutator(long seed, AttackBoard board) {
        chance = Seeded.of(seed, "attack");
        modern = board.modern();
        uart = board.uart();
        slots = board.slots();
        tohost = board.htifPage();
    }

    /** A life of at least so many steps. */
    List<Step> draw(int count) {
        for (int slot = 0; slot < AttackBoard.QUEUES.length; slot++) {
            setUp(slot);
        }
        while (steps.size() < count) {
            phrase((int) chance.below(AttackBoard.QUEUES.length));
        }
        return steps;
    }

    private void phrase(int slot) {
        int kind = (int) chance.below(100);
        if (kind < 50) {
            offer(slot, queue(slot));
        } else if (kind < 68) {
            host();
        } else if (kind < 74) {
            anyRegister(slot, 1 + (int) chance.below(6));
        } else if (kind < 80) {
            otherDevice();
        } else if (kind < 82) {
            poke(ringAddress(slot), word(any()));
        } else if (kind < 84) {
            liveQueue(slot);
        } else if (kind < 91) {
            setUp(slot);
        } else if (kind < 93) {
            store(slot, INTERRUPT_ACK, (int) chance.next());
        } else if (kind < 95) {
            store(slot, STATUS, chance.chance(50) ? 0 : any());
        } else if (kind < 97) {
            storm(slot);
        } else if (kind < 99) {
            steps.add(new Step.Run(1 + (int) chance.below(200)));
        } else {
            rare();
        }
    }

    private void rare() {
        switch ((int) chance.below(8)) {
            case 0, 1, 2 -> steps.add(new Step.Snapshot());
            case 3 -> htif();
            case 4 -> syscon();
            default -> storm((int) chance.below(AttackBoard.QUEUES.length));
        }
    }

    private void syscon() {
        boolean end = chance.chance(10);
        steps.add(new Step.Store(slots - 2, 0, 4, end ? SYSCON_OFF : chance.chance(30) ? SYSCON_RESET : any()));
    }

    /** Words to HTIF: characters, calls with a pointer, nonsense; the low half alone, or both. */
    private void htif() {
        long command = switch ((int) chance.below(24)) {
            case 0, 1 -> Arena.BUFFERS + 8 * chance.below(512);
            case 2 -> Arena.MEMORY_END - 8 * chance.below(12);
            case 3 -> chance.below(1L << 48) & ~1L;
            case 4, 5, 6, 7 -> 0x0100_0000_0000_0000L;
            default -> 0x0101_0000_0000_0000L | chance.below(256);
        };
        if (command >= Arena.BUFFERS && command < Arena.END) {
            byte[] call = new byte[64];
            ByteBuffer.wrap(call)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(chance.below(3) == 0 ? chance.next() : 64)
                    .putLong(1)
                    .putLong(chance.chance(50) ? Arena.BUFFERS : chance.next())
                    .putLong(chance.chance(50) ? chance.below(70_000) : chance.next());
            poke(command, call);
        }
        poke(tohost, word((int) command));
        poke(tohost + 4, word((int) (command >>> 32)));
    }

    private int queue(int slot) {
        return (int) chance.below(AttackBoard.QUEUES[slot].length);
    }

    private static int index(int slot, int queue) {
        return 2 * slot + queue;
    }

    private long avail(int slot, int queue) {
        return Arena.ring(slot, queue) + 16L * size[index(slot, queue)];
    }

    private long ringAddress(int slot) {
        return Arena.ring(slot, queue(slot)) + 2 * chance.below(Arena.RING_BYTES / 2 - 2);
    }

    // --- setting up ---

    private void setUp(int slot) {
        store(slot, STATUS, 0);
        store(slot, STATUS, 1);
        store(slot, STATUS, 3);
        for (int half = 0; half < 2; half++) {
            store(slot, DEVICE_FEATURES_SEL, half);
            store(slot, DRIVER_FEATURES_SEL, chance.chance(98) ? half : any());
            store(slot, DRIVER_FEATURES, features(slot, half));
        }
        if (chance.chance(95)) {
            store(slot, STATUS, 11);
        }
        for (int queue = 0; queue < AttackBoard.QUEUES[slot].length; queue++) {
            setUpQueue(slot, queue);
        }
        if (chance.chance(97)) {
            store(slot, STATUS, 15);
        }
    }

    /** Some of what is offered; now and then something else. */
    private int features(int slot, int half) {
        if (chance.below(100) == 0) {
            return (int) chance.next();
        }
        if (half == 1) {
            return modern ? 1 | (chance.chance(50) ? 1 << 8 : 0) : 0;
        }
        int offered = OFFERED[slot] | 1 << 28 | 1 << 29;
        return chance.chance(50) ? offered : offered & (int) chance.next();
    }

    private void setUpQueue(int slot, int queue) {
        int index = index(slot, queue);
        int most = AttackBoard.QUEUES[slot][queue];
        size[index] = chance.chance(10) ? most : 1 << (chance.chance(95) ? chance.between(3, 6) : chance.below(3));
        made[index] = 0;
        poke(Arena.ring(slot, queue), new byte[16 * size[index] + 6 + 2 * size[index]]);
        store(slot, QUEUE_SEL, chance.chance(98) ? queue : any());
        store(slot, QUEUE_NUM, chance.chance(97) ? size[index] : any());
        long used = Arena.ring(slot, queue) + Arena.RING_BYTES / 2 + 256;
        if (modern) {
            area(slot, QUEUE_DESC, Arena.ring(slot, queue));
            area(slot, QUEUE_DRIVER, avail(slot, queue));
            area(slot, QUEUE_DEVICE, chance.chance(92) ? used : ringAddress(slot));
            store(slot, QUEUE_READY, 1);
        } else {
            store(slot, GUEST_PAGE_SIZE, chance.chance(97) ? 4096 : any());
            if (chance.chance(30)) {
                store(slot, QUEUE_ALIGN, chance.chance(80) ? 4 << chance.below(11) : any());
            }
            store(slot, QUEUE_PFN, chance.chance(95) ? (int) (Arena.ring(slot, queue) >>> 12) : any());
        }
    }

    private void area(int slot, int register, long address) {
        long where = address;
        int high = 0;
        switch ((int) chance.below(300)) {
            case 0 -> where = Arena.MEMORY_END - 2 * chance.below(64);
            case 1 -> where = MemoryMap.RAM - chance.below(64);
            case 2 -> where = address + chance.below(16);
            case 3 -> high = any();
            case 4 -> where = any();
            default -> {}
        }
        store(slot, register, (int) where);
        store(slot, register + 4, high);
    }

    /** A queue is changed, stopped or reset while it works. */
    private void liveQueue(int slot) {
        int queue = queue(slot);
        store(slot, QUEUE_SEL, queue);
        switch ((int) chance.below(6)) {
            case 0 -> store(slot, QUEUE_NUM, any());
            case 1 -> store(slot, modern ? QUEUE_READY : QUEUE_PFN, 0);
            case 2 -> store(slot, QUEUE_RESET, 1);
            case 3 -> area(slot, QUEUE_DEVICE, Arena.BUFFERS + 4 * chance.below(1024));
            case 4 -> store(slot, modern ? QUEUE_READY : QUEUE_PFN, any());
            default -> setUpQueue(slot, queue);
        }
    }

    // --- chains ---

    private void offer(int slot, int queue) {
        int index = index(slot, queue);
        int count = chance.chance(80) ? 1 : 1 + (int) chance.below(8);
        for (int i = 0; i < count; i++) {
            int head = (int) chance.below(size[index]);
            if (chance.chance(80)) {
                chain(slot, queue, Arena.ring(slot, queue), head, size[index]);
            } else {
                indirect(slot, queue, Arena.ring(slot, queue) + 16L * head);
            }
            int entry = chance.below(200) > 0 ? head : (int) chance.next();
            poke(avail(slot, queue) + 4 + 2L * (made[index] & size[index] - 1), half(entry));
            made[index] += chance.below(200) > 0 ? 1 : (int) chance.below(0x1_0000);
        }
        if (chance.chance(20)) {
            poke(avail(slot, queue) + 4 + 2L * size[index], half((int) chance.next()));
        }
        poke(avail(slot, queue), half(chance.chance(90) ? 0 : (int) chance.next()));
        poke(avail(slot, queue) + 2, half(made[index]));
        store(slot, QUEUE_NOTIFY, chance.chance(97) ? queue : any());
    }

    private void indirect(int slot, int queue, long descriptor) {
        int count = 3 + (int) chance.below(chance.chance(95) ? 8 : 254);
        long table = Arena.BUFFERS + 16 * chance.below(2048);
        chain(slot, queue, table, 0, count);
        boolean right = chance.chance(97);
        int flags = INDIRECT | (right ? 0 : (int) chance.below(8));
        poke(descriptor, descriptor(table, right ? 16 * count : any(), flags, 0));
    }

    private void chain(int slot, int queue, long table, int first, int count) {
        int length = 1 + (int) chance.below(Math.min(count, chance.chance(97) ? 4 : count));
        int readable = chance.below(100) == 0 ? (int) chance.below(length + 1L) : queue * length;
        boolean disk = slot < AttackBoard.NET;
        if (disk && chance.below(100) > 0) {
            // A header, data, a place for the status: what a disk takes for a request.
            length = Math.min(count, 2 + (int) chance.below(2));
            readable = chance.chance(80) ? 1 : length - 1;
        }
        for (int i = 0; i < length; i++) {
            int at = (first + i) % count;
            boolean last = i + 1 == length;
            int flags = (last ? 0 : NEXT) | (i < readable ? 0 : WRITE);
            if (chance.below(200) == 0) {
                flags = (int) chance.next();
            }
            int next = chance.below(200) > 0 ? (at + 1) % count : (int) chance.next();
            byte[] bytes;
            if (disk && (i == 0 || last) && chance.chance(97)) {
                bytes = i == 0 ? descriptor(header(), 16, flags, next) : descriptor(status(), 1, flags, next);
            } else {
                bytes = descriptor(slot, flags, next, disk && !last);
            }
            poke(table + 16L * at, bytes);
        }
    }

    private long header() {
        long at = Arena.BUFFERS + 0x8000 + 16 * chance.below(1024);
        long sector = chance.chance(90) ? chance.below(60) : chance.next() >>> chance.below(64);
        int type = chance.chance(97) ? TYPES[(int) chance.below(TYPES.length)] : any();
        poke(
                at,
                ByteBuffer.allocate(16)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(type)
                        .putInt(0)
                        .putLong(sector)
                        .array());
        return at;
    }

    private long status() {
        return Arena.BUFFERS + chance.below(Arena.BUFFER_BYTES);
    }

    private byte[] descriptor(int slot, int flags, int next, boolean sectors) {
        if (chance.chance(1)) {
            return outside(flags, next);
        }
        boolean ring = chance.chance(1);
        long address = ring ? ringAddress(slot) : Arena.BUFFERS + chance.below(Arena.BUFFER_BYTES - 8192);
        int length = (int) chance.below(chance.chance(50) ? 64 : 2048);
        if (sectors) {
            length = 512 * (1 + (int) chance.below(4));
        } else if (chance.chance(1)) {
            length = (int) (Arena.END - address);
        } else if (chance.chance(3)) {
            length = 0;
        }
        return descriptor(address, length, flags, next);
    }

    /** A buffer that is not wholly in RAM: before it, behind it, across its ends, round the end of the address space. */
    private byte[] outside(int flags, int next) {
        long near = chance.below(32);
        return switch ((int) chance.below(9)) {
            case 0 -> descriptor(MemoryMap.RAM - 1 - near, 64, flags, next);
            case 1 -> descriptor(Arena.MEMORY_END - near, (int) near + 1, flags, next);
            case 2 -> descriptor(Arena.MEMORY_END + near, 1 + (int) near, flags, next);
            case 3 -> descriptor(0xffff_ffffL - near, 64, flags, next);
            case 4 -> descriptor(-1 - near, 64, flags, next);
            case 5 -> descriptor(1L << 32 + near % 32 | Arena.BUFFERS, 16, flags, next);
            case 6 -> descriptor(Arena.BUFFERS, -1 - (int) near, flags, next);
            case 7 -> descriptor(Long.MAX_VALUE - near, Integer.MAX_VALUE, flags, next);
            default -> descriptor(MemoryMap.virtio(0), 256, flags, next);
        };
    }

    // --- blows ---

    private void storm(int slot) {
        int count = (int) chance.below(100);
        int queue = queue(slot);
        for (int i = 0; i < count; i++) {
            store(slot, QUEUE_NOTIFY, queue);
        }
    }

    private void anyRegister(int slot, int count) {
        for (int i = 0; i < count; i++) {
            int width = 1 << chance.below(3);
            int offset = (int) chance.below(chance.chance(80) ? CONFIG + 64 : MemoryMap.VIRTIO_STRIDE) & -width;
            int device = slots + (chance.chance(90) ? slot : (int) chance.below(MemoryMap.VIRTIO_SLOTS));
            steps.add(chance.chance(50) ? new Step.Load(device, offset, width) : blow(device, offset, width));
        }
    }

    /** Interrupt controllers, serial port, clocks: any register in any width, those that exist more often. */
    private void otherDevice() {
        int device = (int) chance.below(6);
        int width = chance.chance(70) ? (device == uart ? 1 : 4) : 1 << chance.below(3);
        int offset = switch (device) {
            case 0 ->
                chance.chance(40)
                        ? (int) chance.below(16)
                        : chance.chance(50) ? 0x4000 + (int) chance.below(32) : 0xbff0 + (int) chance.below(16);
            case 1 -> plicOffset();
            case 2 -> (int) chance.below(chance.chance(90) ? 8 : 256);
            case 3 -> (int) chance.below(chance.chance(90) ? 0x20 : 4096);
            case 4 -> 4 + (int) chance.below(4092);
            default -> (int) chance.below(MemoryMap.ROM_SIZE);
        };
        int aligned = offset & -width;
        if (device == 2) {
            aligned &= 0xff & -width;
        }
        steps.add(chance.chance(30) ? new Step.Load(device, aligned, width) : blow(device, aligned, width));
    }

    private int plicOffset() {
        return switch ((int) chance.below(6)) {
            case 0 -> (int) chance.below(0x180);
            case 1 -> 0x1000 + (int) chance.below(16);
            case 2 -> 0x2000 + (int) chance.below(0x280);
            case 3, 4 -> 0x20_0000 + 0x1000 * (int) chance.below(6) + 4 * (int) chance.below(2);
            default -> (int) chance.below(0x60_0000);
        };
    }

    private Step blow(int device, int offset, int width) {
        int value = any();
        return new Step.Store(device, offset, width, width == 4 ? value : value & (1 << 8 * width) - 1);
    }

    // --- the host ---

    private void host() {
        int kind = (int) chance.below(20);
        if (kind < 14) {
            int[] asking = {AttackBoard.DISK, AttackBoard.DISK, AttackBoard.DISK + 1, AttackBoard.ENTROPY};
            How how = chance.chance(88) ? How.RIGHT : How.values()[(int) chance.below(How.values().length)];
            int count = chance.chance(80) ? 1 : (int) chance.below(20);
            for (int i = 0; i < count; i++) {
                steps.add(new Step.Answer(slots + asking[(int) chance.below(asking.length)], how));
            }
        } else if (kind < 17) {
            int length = (int) (chance.chance(80) ? chance.between(14, 1514) : chance.between(0, 65_600));
            steps.add(new Step.Host(new Input.FrameReceived(slots + AttackBoard.NET, 0, new byte[length])));
        } else if (kind < 18) {
            int to = chance.chance(50) ? uart : slots + AttackBoard.CONSOLE;
            steps.add(new Step.Host(new Input.ConsoleInput(to, 0, new byte[(int) chance.below(64)])));
        } else if (kind < 19) {
            long rate = chance.chance(50) ? 1L << 30 : chance.next() >>> 1;
            steps.add(new Step.Host(new Input.TimeSample(chance.next() >>> chance.below(64), rate)));
        } else {
            // An input for the wrong device, as a damaged log could hold it.
            int to = (int) chance.below(slots + 12L);
            steps.add(new Step.Host(
                    chance.chance(50)
                            ? new Input.Entropy(to, 1, new byte[8])
                            : new Input.DiskCompletion(to, 1, DiskStatus.OK, new byte[512])));
        }
    }

    // --- words ---

    private int any() {
        return chance.chance(60) ? WORDS[(int) chance.below(WORDS.length)] : (int) chance.next();
    }

    private void store(int slot, int offset, int value) {
        steps.add(new Step.Store(slots + slot, offset, 4, value));
    }

    private void poke(long address, byte[] bytes) {
        steps.add(new Step.Poke(address, bytes));
    }

    private static byte[] descriptor(long address, int length, int flags, int next) {
        return ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(address)
                .putInt(length)
                .putShort((short) flags)
                .putShort((short) next)
                .array();
    }

    private static byte[] word(int value) {
        return new byte[] {(byte) value, (byte) (value >>> 8), (byte) (value >>> 16), (byte) (value >>> 24)};
    }

    private static byte[] half(int value) {
        return new byte[] {(byte) value, (byte) (value >>> 8)};
    }
}
