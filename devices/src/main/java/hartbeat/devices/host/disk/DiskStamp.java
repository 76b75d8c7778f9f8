package hartbeat.devices.host.disk;

import hartbeat.devices.host.HostException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Who last wrote a copy of a disk: a line of text in {@code IMAGE.stamp}, so that after both hosts went down only the right copy
 * can be started (DESIGN 7).
 *
 * @param machineId 32 hexadecimal digits
 * @param generation leadership term of the last writer, 1 or more
 * @param standing what the side was that wrote this copy
 * @param claim 16 hexadecimal digits that tell claimants apart if the generation is only claimed, else empty
 */
public record DiskStamp(String machineId, long generation, Standing standing, String claim) {
    private static final String MAGIC = "hartbeat-disk-1";
    private static final int MAX_BYTES = 200;

    /** What a side is to its copy. */
    public enum Standing {
        /** It was live: nothing newer exists within this generation. */
        LIVE,
        /**
         * It had the right copy and was about to claim this generation; whether it won, the arbiter knows. So no crash between the
         * claim and the stamp that follows it makes the right copy look stale.
         */
        CLAIMING,
        /** It followed a live side, and its copy may be behind that one's. */
        FOLLOWING,
        /** It followed to the very end (the guest switched itself off): its copy equals the live side's. */
        COMPLETE
    }

    public DiskStamp {
        if (!machineId.matches("[0-9a-f]{32}")
                || generation < 1
                || !claim.matches(standing == Standing.CLAIMING ? "[0-9a-f]{16}" : "")) {
            throw new IllegalArgumentException("stamp: machineId=%s, generation=%d, standing=%s, claim=%s"
                    .formatted(machineId, generation, standing, claim));
        }
    }

    /** A stamp of a generation that the side has, or follows. */
    public DiskStamp(String machineId, long generation, Standing standing) {
        this(machineId, generation, standing, "");
    }

    /** Where the stamp of an image is. */
    public static Path pathOf(Path image) {
        return image.resolveSibling(image.getFileName() + ".stamp");
    }

    /**
     * Reads the stamp of an image; empty if the image never had one.
     *
     * @throws HostException if it is damaged
     */
    public static Optional<DiskStamp> read(Path image) throws HostException {
        Path path = pathOf(image);
        try {
            if (!Files.exists(path)) {
                return Optional.empty();
            }
            if (Files.size(path) > MAX_BYTES) {
                throw damaged(path);
            }
            String[] words =
                    Files.readString(path, StandardCharsets.ISO_8859_1).strip().split(" ");
            if (words.length < 5 || words.length > 6 || !words[0].equals(MAGIC)) {
                throw damaged(path);
            }
            DiskStamp stamp = new DiskStamp(
                    words[1], Long.parseLong(words[2]), Standing.valueOf(words[3]), words.length == 6 ? words[4] : "");
            if (!stamp.text().equals(String.join(" ", words) + "\n")) {
                throw damaged(path);
            }
            return Optional.of(stamp);
        } catch (IllegalArgumentException e) {
            throw damaged(path);
        } catch (IOException e) {
            throw new HostException("disk stamp " + path + ": " + e.getMessage(), "check its permissions", e);
        }
    }

    /**
     * Writes this stamp so that after a crash either the old one or this one is there, whole. Returns when it is on stable storage,
     * so that writes of this generation may begin.
     */
    public void write(Path image) throws HostException {
        Path path = pathOf(image).toAbsolutePath();
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        try {
            try (FileChannel channel = FileChannel.open(
                    fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                channel.write(ByteBuffer.wrap(text().getBytes(StandardCharsets.ISO_8859_1)));
                channel.force(true);
            }
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel directory = FileChannel.open(path.getParent(), StandardOpenOption.READ)) {
                directory.force(true);
            }
        } catch (IOException e) {
            throw new HostException(
                    "disk stamp " + path + " cannot be written: " + e.getMessage(),
                    "the directory of a disk image must be writable and its file system not full",
                    e);
        }
    }

    /**
     * Refuses an image that must not be started as the live copy.
     *
     * @param machineId the machine that is to start
     * @param arbiterGeneration the last generation that the arbiter has given out, 0 if none or unknown
     * @param claim of who holds it, as in a stamp; empty if nobody does
     * @throws HostException naming both generations
     */
    public static void requireCurrent(Path image, String machineId, long arbiterGeneration, String claim)
            throws HostException {
        Optional<DiskStamp> found = read(image);
        if (found.isEmpty()) {
            return;
        }
        DiskStamp stamp = found.get();
        boolean claimLost = stamp.standing == Standing.CLAIMING
                && stamp.generation == arbiterGeneration
                && !stamp.claim.equals(claim);
        if (stamp.machineId.equals(machineId) && (stamp.generation < arbiterGeneration || claimLost)) {
            throw new HostException(
                    "disk image " + image + " is stale: expected=written in generation " + arbiterGeneration
                            + ", actual=generation " + (claimLost ? stamp.generation - 1 : stamp.generation),
                    "start from the copy of the side that was live last; to use this one all the same, remove "
                            + pathOf(image));
        }
        if (stamp.standing == Standing.FOLLOWING) {
            throw new HostException(
                    "disk image " + image + " is a backup's copy of generation " + stamp.generation
                            + " and may be behind the live one",
                    "start from the copy of the side that was live last; to use this one all the same, remove "
                            + pathOf(image));
        }
    }

    private String text() {
        String body =
                MAGIC + " " + machineId + " " + generation + " " + standing + (claim.isEmpty() ? "" : " " + claim);
        CRC32C crc = new CRC32C();
        crc.update(body.getBytes(StandardCharsets.ISO_8859_1));
        return body + " " + HexFormat.of().toHexDigits((int) crc.getValue()) + "\n";
    }

    private static HostException damaged(Path path) {
        return new HostException(
                "disk stamp " + path + " is damaged", "find out which copy is the newest, then remove the stamp");
    }
}
