package hartbeat.tools.faults;

import hartbeat.devices.host.HostException;
import hartbeat.tools.UserError;
import hartbeat.tools.lan.TapDevice;
import hartbeat.tools.netns.Ether;
import hartbeat.tools.netns.Passage;
import hartbeat.tools.netns.Room;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Four hosts on one Ethernet, the storage of each side, and that of the arbiter: file systems of their own, so small that they can be
 * filled. One pair after the other lives here.
 */
final class Site implements AutoCloseable {
    private static final String BALLAST = "ballast";
    private static final int PREFIX = 24;
    private static final int BLOCK_BYTES = 4096;

    private final Path directory;
    private final Ether ether;
    private final Map<Place, Room> rooms = new EnumMap<>(Place.class);
    private final Map<Place, Integer> ports = new EnumMap<>(Place.class);

    /**
     * @param directory empty; belongs to this site
     * @param seed of which frames are lost
     */
    Site(Path directory, long seed) throws HostException, IOException {
        this.directory = directory;
        ether = new Ether(seed);
        for (Place place : Place.values()) {
            Room room = Room.open(place.name().toLowerCase(java.util.Locale.ROOT));
            rooms.put(place, room);
            ports.put(place, ether.join(room, place.address() + "/" + PREFIX));
        }
        mount(arbiterStorage(), "1m");
        mount(disks(Place.PRIMARY), "32m");
        mount(disks(Place.BACKUP), "32m");
    }

    private static void mount(Path directory, String size) throws IOException {
        Files.createDirectories(directory);
        run("mount", "-t", "tmpfs", "-o", "size=" + size, "none", directory.toString());
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw UserError.failed(command[0] + ": " + said.strip(), "see ./hartbeat help faults");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    Path directory() {
        return directory;
    }

    Room room(Place place) {
        return java.util.Objects.requireNonNull(rooms.get(place));
    }

    private int port(Place place) {
        return java.util.Objects.requireNonNull(ports.get(place));
    }

    /** Where a side keeps its images. */
    Path disks(Place place) {
        return directory.resolve("disks-" + place.name().toLowerCase(java.util.Locale.ROOT));
    }

    private Path arbiterStorage() {
        return directory.resolve("shared");
    }

    /** The arbiter's directory. */
    Path arbiter() {
        return arbiterStorage().resolve("arbiter");
    }

    /** What befalls frames that go one way. */
    void passage(Place from, Place to, Passage passage) {
        ether.set(port(from), port(to), passage);
    }

    void bothWays(Place one, Place other, Passage passage) {
        passage(one, other, passage);
        passage(other, one, passage);
    }

    /** All cables are whole again. */
    void whole() {
        ether.clear();
    }

    /** Switches a host's interface on or off. */
    void plug(Place place, boolean on) throws HostException, IOException {
        boolean unused = room(place).inside(() -> {
            TapDevice.up(Ether.INTERFACE, on);
            return true;
        });
    }

    /** Whether the arbiter's directory is where it belongs. */
    void arbiterThere(boolean there) throws IOException {
        Path away = arbiterStorage().resolve("away");
        Files.move(there ? away : arbiter(), there ? arbiter() : away, StandardCopyOption.ATOMIC_MOVE);
    }

    void fillArbiter() throws IOException {
        fill(arbiterStorage());
    }

    void fillDisks(Place place) throws IOException {
        fill(disks(place));
    }

    /** Until not a byte more can be written. */
    private static void fill(Path storage) throws IOException {
        byte[] block = new byte[BLOCK_BYTES];
        try (OutputStream out = Files.newOutputStream(storage.resolve(BALLAST))) {
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            if (Files.getFileStore(storage).getUsableSpace() > 0) {
                throw full;
            }
        }
    }

    /** There is room everywhere again. */
    void free() throws IOException {
        for (Path storage : List.of(arbiterStorage(), disks(Place.PRIMARY), disks(Place.BACKUP))) {
            Files.deleteIfExists(storage.resolve(BALLAST));
        }
    }

    /** As before the first pair. */
    void clean() throws HostException, IOException {
        whole();
        for (Path storage : List.of(arbiterStorage(), disks(Place.PRIMARY), disks(Place.BACKUP))) {
            try (Stream<Path> files = Files.walk(storage)) {
                for (Path file :
                        files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    if (!file.equals(storage)) {
                        Files.delete(file);
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        ether.close();
        rooms.values().forEach(Room::close);
    }
}
