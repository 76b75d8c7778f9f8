package hartbeat.proof.world;

import hartbeat.devices.board.boot.BootImages;
import hartbeat.ft.channel.Blob;
import hartbeat.ft.channel.BlobStore;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a backup is sent before the first instruction, in memory instead of files. */
final class Images implements BlobStore {
    private static final String BIOS = "bios";
    private static final String KERNEL = "kernel";
    private static final String INITRD = "initrd";
    private static final String DISK = "disk";

    private final Map<String, byte[]> whole = new TreeMap<>();
    private final ByteArrayOutputStream part = new ByteArrayOutputStream();
    private String name = "";

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

    /** What a primary sends. @param disk its contents, or null if it is shared */
    static List<Blob> blobs(BootImages images, byte @Nullable [] disk) {
        List<Blob> blobs = new ArrayList<>();
        blobs.add(new Bytes(BIOS, images.bios()));
        blobs.add(new Bytes(KERNEL, images.kernel()));
        blobs.add(new Bytes(INITRD, images.initrd()));
        if (disk != null) {
            blobs.add(new Bytes(DISK, disk));
        }
        return blobs;
    }

    @Override
    public void begin(String blob, long bytes) {
        name = blob;
        part.reset();
    }

    @Override
    public void write(byte[] chunk) {
        part.writeBytes(chunk);
    }

    @Override
    public void end() {
        whole.put(name, part.toByteArray());
    }

    BootImages images() {
        return new BootImages(of(BIOS), of(KERNEL), of(INITRD));
    }

    byte[] disk() {
        return of(DISK);
    }

    boolean same(BootImages other) {
        return Arrays.equals(images().encode(), other.encode());
    }

    private byte[] of(String blob) {
        return whole.getOrDefault(blob, new byte[0]);
    }
}
