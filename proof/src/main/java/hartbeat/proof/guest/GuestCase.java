package hartbeat.proof.guest;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.board.MacAddress;
import hartbeat.devices.board.MachineId;
import hartbeat.devices.board.RngSeed;
import hartbeat.devices.board.boot.BootImages;
import hartbeat.guest.BareGuests;
import hartbeat.proof.fault.Fault;
import hartbeat.proof.world.Executors;
import hartbeat.proof.world.Machines;
import hartbeat.proof.world.Workload;
import java.util.List;
import java.util.Locale;

/**
 * A guest of a simulation, on a small machine with a disk, a network card and an entropy device: one of the bare guests, or a program
 * that runs in M-mode without firmware and switches itself off in the end.
 *
 * @param name of the bare guest, or the file of the program
 * @param append its command line
 * @param diskErrors whether it lives with a disk that fails
 * @param memoryBytes of its machine
 * @param kernel the program, empty for the bare guest of the name
 * @param executors what it runs on
 */
public record GuestCase(
        String name, String append, boolean diskErrors, int memoryBytes, byte[] kernel, Executors executors) {
    /** The guest that drives every device, and the usual one. */
    public static final String SERVICE = "service";

    private static final String COUNTER = "counter";
    private static final String BLK = "blk";
    private static final int LONG_SWEPT_EVERY = 4;

    static final MacAddress MAC = MacAddress.parse("52:54:00:00:00:01");

    private static final int MEMORY_BYTES = 1 << 20;
    private static final long MILLI = 1_000_000;
    private static final int DISK_SECTORS = 64;
    private static final byte[] NONE = {};

    private static final List<GuestCase> ALL = List.of(
            bare(SERVICE, "", true),
            bare(COUNTER, "rounds=3", false),
            bare("console-echo", "", true),
            bare("net-echo", "", true),
            bare("timer", "", true),
            bare(BLK, "", false),
            bare("rng", "", true));

    private static GuestCase bare(String name, String append, boolean diskErrors) {
        return new GuestCase(name, append, diskErrors, MEMORY_BYTES, NONE, Executors.INTERPRETER);
    }

    /** A program of the user's own, of which nothing is asked. */
    public static GuestCase of(String file, byte[] kernel, String append, int memoryBytes) {
        return new GuestCase(file, append, false, memoryBytes, kernel, Executors.INTERPRETER);
    }

    /** Whether a fault may befall it: not every program lives with a disk that fails, and not every client asks again what was lost. */
    public boolean bears(Fault fault) {
        return switch (fault) {
            case Fault.DiskErrors _ -> diskErrors;
            case Fault.SwitchRestart _ -> !name.equals(SERVICE) && !name.equals("console-echo");
            default -> true;
        };
    }

    /** Every guest that has a workload. */
    public static List<GuestCase> all() {
        return ALL;
    }

    /** @throws IllegalArgumentException if there is none of that name */
    public static GuestCase named(String name) {
        return ALL.stream()
                .filter(guest -> guest.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("guest: expected=one of "
                        + ALL.stream().map(GuestCase::name).toList() + ", actual=" + name));
    }

    /** How the command line names it. */
    public String options() {
        String on = executors == Executors.INTERPRETER
                ? ""
                : " --executor " + executors.name().toLowerCase(Locale.ROOT);
        return kernel.length == 0
                ? "--guest " + name + on
                : "--kernel %s --memory %dM%s"
                                .formatted(
                                        name, memoryBytes >> 20, append.isEmpty() ? "" : " --append '" + append + "'")
                        + on;
    }

    /** Its machines. */
    public Machines machines() {
        BoardConfig config = new BoardConfig(
                new MachineId(1, 2),
                memoryBytes,
                1,
                BoardConfig.Transport.MODERN,
                List.of(new BoardConfig.Drive(DISK_SECTORS, false, "disk")),
                List.of(new BoardConfig.Nic(MAC, 0)),
                true,
                false,
                append,
                new RngSeed(1, 2, 3, 4));
        return new Machines(config, new BootImages(NONE, elf(), NONE), executors);
    }

    /** About how long it has something to do. */
    public long busyNanos() {
        return MILLI
                * switch (name) {
                    case SERVICE -> 1_200;
                    case "console-echo", "net-echo" -> 100;
                    default -> kernel.length > 0 ? 200 : 20;
                };
    }

    /** Whether it computes whenever nothing else is to be done, so that all time is instructions. */
    public boolean computes() {
        return name.equals(COUNTER);
    }

    /** Of how many seeds one is for it where every crossing is struck: a point of a guest that executes much costs as much as many others. */
    public int sweptEvery() {
        return computes() || name.equals(BLK) ? LONG_SWEPT_EVERY : 1;
    }

    /** The same guest on something else. */
    public GuestCase on(Executors other) {
        return new GuestCase(name, append, diskErrors, memoryBytes, kernel, other);
    }

    private byte[] elf() {
        return kernel.length > 0 ? kernel : BareGuests.named(name).elf();
    }

    /**
     * What is asked of it.
     *
     * @param requests how much, for guests that can be asked; {@link Integer#MAX_VALUE} for until the workload is told to finish
     */
    public Workload workload(long seed, int requests) {
        if (kernel.length > 0) {
            return new WatchedWorkload("");
        }
        return switch (name) {
            case SERVICE -> new ServiceWorkload(seed, requests);
            case "console-echo" -> new EchoWorkload(seed, requests);
            case "net-echo" -> new NetEchoWorkload(seed, requests);
            case COUNTER -> new WatchedWorkload("round 3: ");
            case "timer" -> new WatchedWorkload("tick 10");
            case BLK -> new WatchedWorkload("disk of ");
            case "rng" -> new WatchedWorkload("entropy: ");
            default -> throw new IllegalStateException("a guest without a workload: " + name);
        };
    }
}
