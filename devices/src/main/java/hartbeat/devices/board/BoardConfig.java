package hartbeat.devices.board;

import hartbeat.emulator.memory.GuestMemory;
import hartbeat.emulator.state.StateFormatException;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that makes one machine differ from another before its first instruction, but for its images. Both sides of a pair have
 * the same; it travels as {@link #encode}.
 *
 * @param memoryBytes RAM, a multiple of 4096, {@link #MIN_MEMORY_BYTES} to {@link #MAX_MEMORY_BYTES}
 * @param harts 1 to {@link #MAX_HARTS}
 * @param drives virtio disks, in the order of their slots
 * @param nics virtio network devices
 * @param rng whether there is a virtio entropy device
 * @param console whether there is a virtio console beside the serial port
 * @param append kernel command line
 */
public record BoardConfig(
        MachineId machineId,
        long memoryBytes,
        int harts,
        Transport transport,
        List<Drive> drives,
        List<Nic> nics,
        boolean rng,
        boolean console,
        String append,
        RngSeed rngSeed) {

    public static final long MIN_MEMORY_BYTES = 1L << 20;
    public static final long MAX_MEMORY_BYTES = 1L << 31;
    public static final int MAX_HARTS = 16;
    /** Bytes of the command line in UTF-8; Linux takes no longer one. */
    public static final int MAX_APPEND_BYTES = 1023;

    /** Bytes of a drive's id, as virtio's get-id answers it. */
    public static final int MAX_ID_BYTES = 20;

    private static final int VERSION = 1;
    private static final int MAX_SECTORS_LOG2 = 43;

    /** Form of all virtio-mmio transports of the machine (virtio 1.2, 4.2.2 and 4.2.4). */
    public enum Transport {
        /** Version 2. */
        MODERN,
        /** Version 1, for guests that know nothing else. */
        LEGACY
    }

    /**
     * A virtio disk.
     *
     * @param sectors of 512 bytes
     * @param id serial number that the guest can read, at most {@link #MAX_ID_BYTES} bytes
     */
    public record Drive(long sectors, boolean readOnly, String id) {
        public Drive {
            if (sectors < 0 || sectors > 1L << MAX_SECTORS_LOG2) {
                throw new IllegalArgumentException(
                        "drive sectors: expected=0..2^%d, actual=%d".formatted(MAX_SECTORS_LOG2, sectors));
            }
            checkText("drive id", id, MAX_ID_BYTES);
        }
    }

    /**
     * A virtio network device.
     *
     * @param mtu that the guest is told, 68 to 65535, or 0 for none
     */
    public record Nic(MacAddress mac, int mtu) {
        public Nic {
            if (mtu != 0 && (mtu < 68 || mtu > 65535)) {
                throw new IllegalArgumentException("mtu: expected=0 or 68..65535, actual=" + mtu);
            }
        }
    }

    public BoardConfig {
        drives = List.copyOf(drives);
        nics = List.copyOf(nics);
        if (memoryBytes < MIN_MEMORY_BYTES
                || memoryBytes > MAX_MEMORY_BYTES
                || memoryBytes % GuestMemory.PAGE_SIZE != 0) {
            throw new IllegalArgumentException("memory: expected=%d..%d bytes, a multiple of %d, actual=%d"
                    .formatted(MIN_MEMORY_BYTES, MAX_MEMORY_BYTES, GuestMemory.PAGE_SIZE, memoryBytes));
        }
        if (harts < 1 || harts > MAX_HARTS) {
            throw new IllegalArgumentException("harts: expected=1..%d, actual=%d".formatted(MAX_HARTS, harts));
        }
        int slots = drives.size() + nics.size() + (rng ? 1 : 0) + (console ? 1 : 0);
        if (slots > MemoryMap.VIRTIO_SLOTS) {
            throw new IllegalArgumentException(
                    "virtio devices: expected=at most %d, actual=%d".formatted(MemoryMap.VIRTIO_SLOTS, slots));
        }
        checkText("command line", append, MAX_APPEND_BYTES);
    }

    /** The canonical bytes: equal configurations have equal bytes. */
    public byte[] encode() {
        StateWriter writer = new StateWriter();
        writer.i32(VERSION)
                .bytes(machineId.toBytes())
                .i64(memoryBytes)
                .u8(harts)
                .u8(transport.ordinal());
        writer.u8(drives.size());
        for (Drive drive : drives) {
            writer.i64(drive.sectors()).flag(drive.readOnly()).bytes(utf8(drive.id()));
        }
        writer.u8(nics.size());
        for (Nic nic : nics) {
            writer.i64(nic.mac().bits()).i32(nic.mtu());
        }
        writer.flag(rng).flag(console).bytes(utf8(append)).bytes(rngSeed.toBytes());
        return writer.toBytes();
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws StateFormatException for anything else
     */
    public static BoardConfig decode(byte[] bytes) {
        StateReader reader = new StateReader(bytes);
        int version = reader.i32();
        if (version != VERSION) {
            throw new StateFormatException(
                    "machine configuration: expected=version %d, actual=version %d".formatted(VERSION, version));
        }
        try {
            BoardConfig config = decodeBody(reader);
            reader.end();
            return config;
        } catch (IllegalArgumentException e) {
            throw new StateFormatException("machine configuration: " + e.getMessage());
        }
    }

    private static BoardConfig decodeBody(StateReader reader) {
        MachineId machineId = MachineId.of(reader.bytes(16));
        long memoryBytes = reader.i64();
        int harts = reader.u8();
        Transport transport = transportOf(reader.u8());
        int driveCount = reader.u8();
        List<Drive> drives = new ArrayList<>();
        for (int i = 0; i < driveCount; i++) {
            drives.add(new Drive(reader.i64(), reader.flag(), text(reader, MAX_ID_BYTES)));
        }
        int nicCount = reader.u8();
        List<Nic> nics = new ArrayList<>();
        for (int i = 0; i < nicCount; i++) {
            nics.add(new Nic(new MacAddress(reader.i64()), reader.i32()));
        }
        boolean rng = reader.flag();
        boolean console = reader.flag();
        String append = text(reader, MAX_APPEND_BYTES);
        RngSeed seed = RngSeed.of(reader.bytes(RngSeed.BYTES));
        return new BoardConfig(machineId, memoryBytes, harts, transport, drives, nics, rng, console, append, seed);
    }

    private static Transport transportOf(int ordinal) {
        Transport[] all = Transport.values();
        if (ordinal >= all.length) {
            throw new StateFormatException(
                    "virtio transport: expected=0..%d, actual=%d".formatted(all.length - 1, ordinal));
        }
        return all[ordinal];
    }

    private static void checkText(String what, String text, int maxBytes) {
        int length = utf8(text).length;
        if (length > maxBytes || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "%s: expected=at most %d bytes without zeroes, actual=%d bytes".formatted(what, maxBytes, length));
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(StateReader reader, int maxBytes) {
        byte[] bytes = reader.bytes(maxBytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (utf8(text).length != bytes.length) {
            throw new StateFormatException("text: expected=UTF-8, actual=other bytes");
        }
        return text;
    }
}
