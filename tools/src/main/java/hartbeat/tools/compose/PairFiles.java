package hartbeat.tools.compose;

import hartbeat.devices.board.boot.BootImages;
import hartbeat.devices.host.HostException;
import hartbeat.devices.host.disk.DiskStamp;
import hartbeat.devices.host.disk.DiskStamp.Standing;
import hartbeat.ft.channel.Blob;
import hartbeat.ft.channel.BlobStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a backup gets from its primary before the first instruction: boot images into memory, disks into files. */
final class PairFiles {
    private static final String BIOS = "bios";
    private static final String KERNEL = "kernel";
    private static final String INITRD = "initrd";
    private static final String DISK = "disk:";
    private static final long MAX_IMAGE_BYTES = 512L << 20;

    private PairFiles() {}

    /** A disk's name on the channel. */
    static String diskName(String id) {
        return DISK + id;
    }

    /** The boot images as things to send. */
    static List<Blob> blobs(BootImages images) {
        List<Blob> blobs = new ArrayList<>();
        blobs.add(new Bytes(BIOS, images.bios()));
        blobs.add(new Bytes(KERNEL, images.kernel()));
        blobs.add(new Bytes(INITRD, images.initrd()));
        return blobs;
    }

    private record Bytes(String name, byte[] content) implements Blob {
        @Override
        public long bytes() {
            return content.length;
        }

        @Override
        public byte[] read(long at, int length) {
            return Arrays.copyOfRange(content, (int) at, (int) at + length);
        }
    }

    /**
     * Takes what comes. A disk is written beside its place and put there when it is whole; what was begun is removed with {@link
     * #close}.
     */
    static final class Store implements BlobStore, AutoCloseable {
        private final @Nullable Path directory;
        private final Map<String, byte[]> images = new TreeMap<>();
        private final Map<String, Path> disks = new LinkedHashMap<>();
        private @Nullable String name;
        private @Nullable Path partial;
        private @Nullable OutputStream out;

        /** @param directory for disks, null if there is none */
        Store(@Nullable Path directory) {
            this.directory = directory;
        }

        BootImages bootImages() {
            byte[] none = {};
            return new BootImages(
                    images.getOrDefault(BIOS, none),
                    images.getOrDefault(KERNEL, none),
                    images.getOrDefault(INITRD, none));
        }

        /** Where the copy of a disk is, or null if none was sent. */
        @Nullable
        Path disk(String id) {
            return disks.get(id);
        }

        @Override
        public void begin(String blob, long bytes) {
            name = blob;
            try {
                if (blob.startsWith(DISK)) {
                    beginDisk(blob.substring(DISK.length()));
                } else if (List.of(BIOS, KERNEL, INITRD).contains(blob) && bytes <= MAX_IMAGE_BYTES) {
                    out = new ByteArrayOutputStream((int) bytes);
                } else {
                    throw new Blob.BlobException("%s of %d bytes is not wanted".formatted(blob, bytes));
                }
            } catch (IOException e) {
                throw cannotStore(e);
            }
        }

        private void beginDisk(String id) throws IOException {
            if (directory == null) {
                throw new Blob.BlobException(
                        "the machine has disks and this backup has no place for them, hint: start it with --disk-dir DIR");
            }
            if (!id.matches("[\\w.-]{1,20}") || id.startsWith(".")) {
                throw new Blob.BlobException("disk id '%s' cannot name a file".formatted(id));
            }
            Files.createDirectories(directory);
            Path place = directory.resolve(id + ".img");
            requireReplaceable(place);
            partial = directory.resolve(id + ".img.part");
            disks.put(id, place);
            out = Files.newOutputStream(partial);
        }

        /** Only what a backup has left of an earlier following is replaced: a copy that was live may be the one that is needed. */
        private static void requireReplaceable(Path place) {
            try {
                boolean followed = DiskStamp.read(place)
                        .map(stamp -> stamp.standing() == Standing.FOLLOWING || stamp.standing() == Standing.COMPLETE)
                        .orElse(false);
                if (Files.exists(place) && !followed) {
                    throw new Blob.BlobException(
                            "%s on the backup's host is no copy that a backup has left, or its machine was live, hint: start the pair from it, or move it away"
                                    .formatted(place));
                }
            } catch (HostException e) {
                throw new Blob.BlobException(e.oneLine());
            }
        }

        @Override
        public void write(byte[] chunk) {
            OutputStream to = out;
            try {
                if (to != null) {
                    to.write(chunk);
                }
            } catch (IOException e) {
                throw cannotStore(e);
            }
        }

        @Override
        public void end() {
            OutputStream to = out;
            String ended = name;
            if (to == null || ended == null) {
                return;
            }
            out = null;
            try {
                to.close();
                if (to instanceof ByteArrayOutputStream bytes) {
                    images.put(ended, bytes.toByteArray());
                } else if (partial != null) {
                    Path place =
                            directory == null ? partial : disks.getOrDefault(ended.substring(DISK.length()), partial);
                    Files.move(partial, place, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
                    partial = null;
                }
            } catch (IOException e) {
                throw cannotStore(e);
            }
        }

        @Override
        public void close() throws IOException {
            if (out != null) {
                out.close();
            }
            if (partial != null) {
                Files.deleteIfExists(partial);
            }
        }

        private Blob.BlobException cannotStore(IOException e) {
            return new Blob.BlobException(
                    "%s cannot be stored on the backup: %s, hint: is its disk full?".formatted(name, e.getMessage()));
        }
    }
}
