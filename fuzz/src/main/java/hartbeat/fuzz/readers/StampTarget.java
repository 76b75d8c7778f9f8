package hartbeat.fuzz.readers;

import hartbeat.devices.host.HostException;
import hartbeat.devices.host.disk.DiskStamp;
import hartbeat.fuzz.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stamps beside disk images; with the right checksum, or as they stand. */
public final class StampTarget implements Target {
    private static final String ID = LinkTarget.ID;

    private @Nullable Path image;

    @Override
    public String name() {
        return "stamp";
    }

    @Override
    public String about() {
        return "stamps of disk images";
    }

    @Override
    public void test(byte[] input) throws IOException {
        Bytes in = new Bytes(input);
        boolean sealed = (in.u8() & 1) == 1;
        byte[] text = in.rest();
        Path file = image();
        Files.write(
                DiskStamp.pathOf(file),
                sealed
                        ? Bytes.joined(
                                text, " %08x\n".formatted(Bytes.crc(text)).getBytes(StandardCharsets.ISO_8859_1))
                        : text);
        try {
            DiskStamp.read(file);
            DiskStamp.requireCurrent(file, ID, 3, "");
        } catch (HostException refused) {
            // That is what the user is told.
        }
    }

    private Path image() throws IOException {
        Path file = image;
        if (file == null) {
            Path directory = Files.createTempDirectory("hartbeat-fuzz");
            file = directory.resolve("disk.img");
            image = file;
            DiskStamp.pathOf(file).toFile().deleteOnExit();
            directory.toFile().deleteOnExit();
        }
        return file;
    }

    @Override
    public List<byte[]> seeds() {
        try {
            Path file = image();
            new DiskStamp(ID, 2, DiskStamp.Standing.LIVE).write(file);
            byte[] live = Files.readAllBytes(DiskStamp.pathOf(file));
            return List.of(
                    Bytes.joined(Bytes.of(0), live),
                    text("hartbeat-disk-1 " + ID + " 3 CLAIMING 0123456789abcdef"),
                    text("hartbeat-disk-1 " + ID + " 3 FOLLOWING"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (HostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] text(String body) {
        return Bytes.joined(Bytes.of(1), body.getBytes(StandardCharsets.ISO_8859_1));
    }
}
