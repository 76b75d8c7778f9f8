package hartbeat.ft.arbiter.host;

import hartbeat.ft.arbiter.SharedDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** A directory of this host; link(2) is atomic on every local file system and on NFS. */
final class HostDirectory implements SharedDirectory {
    private static final int MAX_CONTENT_BYTES = 4096;

    private final Path directory;

    HostDirectory(Path directory) {
        this.directory = directory;
    }

    @Override
    public List<String> names() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            return names(files);
        } catch (NoSuchFileException e) {
            throw new IOException("no such directory", e);
        }
    }

    /** Storage that fails while its names are read says so by an unchecked exception. */
    static List<String> names(Iterable<Path> files) throws IOException {
        List<String> names = new ArrayList<>();
        try {
            files.forEach(file -> names.add(String.valueOf(file.getFileName())));
        } catch (DirectoryIteratorException e) {
            IOException cause = Objects.requireNonNull(e.getCause());
            throw new IOException("its names cannot be read: " + cause.getMessage(), e);
        }
        return names;
    }

    @Override
    public String read(String name) throws IOException {
        try (var in = Files.newInputStream(directory.resolve(name))) {
            return new String(in.readNBytes(MAX_CONTENT_BYTES), StandardCharsets.UTF_8).strip();
        }
    }

    @Override
    public void write(String name, String content) throws IOException {
        write(directory.resolve(name), content.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes a file that only its owner may read, and syncs it. */
    static void write(Path file, byte[] content) throws IOException {
        Set<OpenOption> options =
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        FileAttribute<?> owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (FileChannel channel = FileChannel.open(file, options, owner)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    @Override
    public void link(String existing, String name) throws IOException {
        try {
            Files.createLink(directory.resolve(name), directory.resolve(existing));
        } catch (FileAlreadyExistsException e) {
            // Somebody was faster, or an earlier answer was lost; the content says who.
        } catch (UnsupportedOperationException e) {
            throw new IOException("no hard links here, hint: put the arbiter's directory on another file system", e);
        }
    }

    @Override
    public void sync() throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public void remove(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }
}
