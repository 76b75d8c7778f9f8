package hartbeat.ft.arbiter.host;

import hartbeat.ft.arbiter.Arbiter.Answer;
import hartbeat.ft.arbiter.Arbiter.Claim;
import hartbeat.ft.arbiter.Arbiter.Look;
import hartbeat.ft.arbiter.Generations;
import hartbeat.ft.arbiter.SharedDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/** The arbiter that is a directory ({@link Generations}), on this host's file system. These methods block; roles ask through {@link ArbiterThread}. */
public final class DirectoryArbiter {
    private static final String SECRET = "secret";
    private static final int SECRET_BYTES = 32;

    private final Path directory;
    private final SharedDirectory files;

    /** @param directory on storage that both hosts see; it must exist when it is asked */
    public DirectoryArbiter(Path directory) {
        this.directory = directory;
        this.files = new HostDirectory(directory);
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
        return Generations.ask(files, "dir:" + directory, claim);
    }

    /** The highest generation. */
    public Answer look() {
        return Generations.ask(files, "dir:" + directory, new Look());
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
                HostDirectory.write(own, fresh);
                files.link(String.valueOf(own.getFileName()), SECRET);
                files.sync();
            } finally {
                files.remove(String.valueOf(own.getFileName()));
            }
        }
        return Files.readAllBytes(file);
    }
}
