package hartbeat.ft.arbiter.host;

import hartbeat.ft.arbiter.Arbiter.Answer;
import hartbeat.ft.arbiter.Arbiter.Claim;
import hartbeat.ft.arbiter.Arbiter.Highest;
import hartbeat.ft.arbiter.Arbiter.Lost;
import hartbeat.ft.arbiter.Arbiter.Unreachable;
import hartbeat.ft.arbiter.Arbiter.Won;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Generations as files {@code generation-N} in one directory. A claim writes a file of its own, brings it to stable storage, and gives
 * it the name of the generation by link(2), which fails if the name exists: atomic on every local file system and on NFS. Files
 * are never removed. These methods block; roles ask through {@link ArbiterThread}.
 */
public final class DirectoryArbiter {
    private static final Pattern NAME = Pattern.compile("generation-(\\d{1,18})");
    private static final Pattern ILLEGAL = Pattern.compile("[^A-Za-z0-9._-]");
    private static final int MAX_CONTENT_BYTES = 4096;
    private static final String SECRET = "secret";
    private static final int SECRET_BYTES = 32;

    private final Path directory;

    /** @param directory on storage that both hosts see; it must exist when it is asked */
    public DirectoryArbiter(Path directory) {
        this.directory = directory;
    }

    /**
     * The arbiter of a primary, which makes the directory if it is not there; but not the directory that it is to lie in: that is the shared
     * storage, and if it is missing, it is not mounted or its name is mistyped.
     *
     * @throws IOException if it cannot be used
     */
    public static DirectoryArbiter create(Path directory) throws IOException {
        Path parent = directory.toAbsolutePath().normalize().getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            throw new IOException("there is no directory " + parent);
        }
        if (!Files.isDirectory(directory)) {
            Files.createDirectory(directory);
        }
        return new DirectoryArbiter(directory);
    }

    /**
     * The arbiter of a backup, which a primary has made and used before: nothing is made here. That it is the very primary's is
     * proved by the secret that lies in it, in the handshake.
     *
     * @throws IOException if it is not there
     */
    public static DirectoryArbiter existing(Path directory) throws IOException {
        if (!Files.isRegularFile(directory.resolve(SECRET))) {
            throw new IOException(
                    Files.isDirectory(directory) ? "no primary has used this directory yet" : "no such directory");
        }
        return new DirectoryArbiter(directory);
    }

    /** Takes the generation for the claimant, or says who has it. */
    public Answer claim(Claim claim) {
        Path own =
                directory.resolve("claim-" + ILLEGAL.matcher(claim.claimant()).replaceAll("_"));
        try {
            Highest highest = read();
            if (highest.generation() > claim.generation()) {
                return new Lost(highest.generation(), highest.holder());
            }
            if (highest.generation() < claim.generation() - 1) {
                return new Unreachable(
                        "arbiter dir:%s: generation expected>=%d, actual=%d, hint: both sides must use the same directory"
                                .formatted(directory, claim.generation() - 1, highest.generation()));
            }
            write(own, claim.claimant() + "\n");
            link(own, file(claim.generation()));
            sync(directory);
            String holder = holder(file(claim.generation()));
            return holder.equals(claim.claimant()) ? new Won(claim.generation()) : new Lost(claim.generation(), holder);
        } catch (IOException e) {
            return unreachable(e);
        } finally {
            forget(own);
        }
    }

    /** The highest generation. */
    public Answer look() {
        try {
            return read();
        } catch (IOException e) {
            return unreachable(e);
        }
    }

    /**
     * The pair's secret, which lies with the arbiter: both sides must reach it anyway. Made by whoever asks first.
     *
     * @throws IOException if the directory cannot be reached
     */
    public byte[] secret() throws IOException {
        Path file = directory.resolve(SECRET);
        if (!Files.exists(file)) {
            byte[] fresh = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(fresh);
            Path own = Files.createTempFile(directory, "secret-", ".new");
            try {
                writeBytes(own, fresh);
                link(own, file);
                sync(directory);
            } finally {
                forget(own);
            }
        }
        return Files.readAllBytes(file);
    }

    private Path file(long generation) {
        return directory.resolve("generation-" + generation);
    }

    /** Links, leaving it to the caller to look who has the name: NFS may report a failure for what it has done. */
    private static void link(Path own, Path name) throws IOException {
        try {
            Files.createLink(name, own);
        } catch (FileAlreadyExistsException e) {
            // Somebody was faster, or an earlier answer was lost; the content says who.
        } catch (UnsupportedOperationException e) {
            throw new IOException("no hard links here, hint: put the arbiter's directory on another file system", e);
        }
    }

    private Highest read() throws IOException {
        long highest = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "generation-*")) {
            for (Path file : files) {
                Matcher matcher = NAME.matcher(String.valueOf(file.getFileName()));
                if (matcher.matches()) {
                    highest = Math.max(highest, Long.parseLong(matcher.group(1)));
                }
            }
        }
        return new Highest(highest, highest == 0 ? "" : holder(file(highest)));
    }

    private static String holder(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MAX_CONTENT_BYTES), StandardCharsets.UTF_8).strip();
        }
    }

    private static void write(Path file, String content) throws IOException {
        writeBytes(file, content.getBytes(StandardCharsets.UTF_8));
    }

    private static void writeBytes(Path file, byte[] content) throws IOException {
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

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void forget(Path own) {
        try {
            Files.deleteIfExists(own);
        } catch (IOException e) {
            // A claim's own file is in nobody's way; the next claim of the same claimant overwrites it.
        }
    }

    private Answer unreachable(IOException e) {
        return new Unreachable("arbiter dir:%s: %s%s"
                .formatted(directory, e instanceof NoSuchFileException ? "no such directory " : "", e.getMessage()));
    }
}
