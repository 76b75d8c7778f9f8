package hartbeat.tools.compose;

import hartbeat.ft.arbiter.Arbiter;
import hartbeat.ft.arbiter.host.DirectoryArbiter;
import hartbeat.ft.arbiter.host.Presence;
import hartbeat.ft.channel.Secret;
import hartbeat.tools.UserError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A pair's arbiter as its sides see it when they start: the directory, the secret that lies in it, and a name for this process.
 *
 * @param claimant unique for this process
 * @param presence shows that this process uses the arbiter, until it is closed
 * @param pairId 32 hexadecimal digits that stay the same for all runs with this arbiter: whose disks are whose
 */
record PairArbiter(DirectoryArbiter directory, Presence presence, Secret secret, String claimant, String pairId)
        implements AutoCloseable {
    private static final int PAIR_ID_BYTES = 16;
    private static final int CLAIM_BYTES = 8;

    /**
     * The arbiter of a primary, made if need be.
     *
     * @param name how the user calls this side, or its role
     */
    static PairArbiter create(Path path, String name) {
        try {
            DirectoryArbiter directory = DirectoryArbiter.create(path);
            return of(directory, Presence.ofPrimary(path), name);
        } catch (Presence.TakenException e) {
            throw UserError.failed(
                    "arbiter dir:%s: a %s runs with it"
                            .formatted(path, e.by().name().toLowerCase(Locale.ROOT)),
                    "end it first (a stopped one too), or give each pair a directory of its own",
                    e);
        } catch (IOException | IllegalArgumentException e) {
            throw unusable(
                    path, e, "give a directory on storage that both hosts see; is it mounted, is its name right?");
        }
    }

    /** The arbiter of a backup, once its primary is known to run: the primary has made it. */
    static PairArbiter existing(Path path, String name) {
        try {
            DirectoryArbiter directory = DirectoryArbiter.existing(path);
            return of(directory, Presence.ofBackup(path), name);
        } catch (IOException | IllegalArgumentException e) {
            throw unusable(path, e, "give the primary's directory, as this host sees it; is it mounted?");
        }
    }

    private static PairArbiter of(DirectoryArbiter directory, Presence presence, String name) throws IOException {
        byte[] secret = directory.secret();
        byte[] digest = Configurations.sha256().digest(secret);
        return new PairArbiter(
                directory,
                presence,
                new Secret(secret),
                claimant(name),
                HexFormat.of().formatHex(Arrays.copyOf(digest, PAIR_ID_BYTES)));
    }

    private static UserError unusable(Path path, Exception e, String hint) {
        return UserError.failed(
                "arbiter dir:%s cannot be used: %s"
                        .formatted(path, e instanceof IOException io ? UserError.reason(io) : e.getMessage()),
                hint,
                e);
    }

    /** The highest generation that was ever won, and who holds it. */
    Arbiter.Highest highest() {
        return switch (directory.look()) {
            case Arbiter.Highest highest -> highest;
            case Arbiter.Unreachable unreachable -> throw UserError.failed(unreachable.reason(), null);
            case Arbiter.Won _, Arbiter.Lost _ -> throw new IllegalStateException("a look is not answered by a claim");
        };
    }

    /** What a disk stamp says of a claimant: the same for the same one, and no more. */
    static String claimOf(String claimant) {
        byte[] digest = Configurations.sha256().digest(claimant.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(Arrays.copyOf(digest, CLAIM_BYTES));
    }

    @Override
    public void close() throws IOException {
        presence.close();
    }

    private static String claimant(String name) {
        ProcessHandle self = ProcessHandle.current();
        long start =
                self.info().startInstant().map(java.time.Instant::toEpochMilli).orElse(0L);
        return name + '@' + hostName() + ':' + self.pid() + ':' + start;
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException noName) {
            return "localhost";
        }
    }
}
