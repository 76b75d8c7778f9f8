package hartbeat.tools.compose;

import hartbeat.ft.arbiter.Arbiter;
import hartbeat.ft.arbiter.host.DirectoryArbiter;
import hartbeat.ft.channel.Secret;
import hartbeat.tools.ExitCode;
import hartbeat.tools.UserError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A pair's arbiter as its sides see it when they start: the directory, the secret that lies in it, and a name for this process.
 *
 * @param claimant unique for this process
 * @param pairId 32 hexadecimal digits that stay the same for all runs with this arbiter: whose disks are whose
 */
record PairArbiter(DirectoryArbiter directory, Secret secret, String claimant, String pairId) {
    private static final int PAIR_ID_BYTES = 16;

    /**
     * The arbiter of a primary, made if need be.
     *
     * @param name how the user calls this side, or its role
     */
    static PairArbiter create(Path path, String name) {
        try {
            return of(DirectoryArbiter.create(path), name);
        } catch (IOException | IllegalArgumentException e) {
            throw unusable(
                    path, e, "give a directory on storage that both hosts see; is it mounted, is its name right?");
        }
    }

    /** The arbiter of a backup, once its primary is known to run: the primary has made it. */
    static PairArbiter existing(Path path, String name) {
        try {
            return of(DirectoryArbiter.existing(path), name);
        } catch (IOException | IllegalArgumentException e) {
            throw unusable(path, e, "give the primary's directory, as this host sees it; is it mounted?");
        }
    }

    private static PairArbiter of(DirectoryArbiter directory, String name) throws IOException {
        byte[] secret = directory.secret();
        byte[] digest = Configurations.sha256().digest(secret);
        return new PairArbiter(
                directory,
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

    /** The highest generation that was ever won. */
    long highest() {
        return switch (directory.look()) {
            case Arbiter.Highest highest -> highest.generation();
            case Arbiter.Unreachable unreachable -> throw UserError.failed(unreachable.reason(), null);
            case Arbiter.Won won -> won.generation();
            case Arbiter.Lost lost -> lost.generation();
        };
    }

    /** Wins the next generation for a machine that has no other side yet. */
    long claimNext() {
        return switch (directory.claim(new Arbiter.Claim(highest() + 1, claimant))) {
            case Arbiter.Won won -> won.generation();
            case Arbiter.Lost lost ->
                throw UserError.of(
                        ExitCode.FENCED,
                        "generation %d is held by %s".formatted(lost.generation(), lost.holder()),
                        "another machine uses this arbiter; give each pair a directory of its own");
            case Arbiter.Unreachable unreachable -> throw UserError.failed(unreachable.reason(), null);
            case Arbiter.Highest _ -> throw new IllegalStateException("a claim is not answered by a look");
        };
    }

    private static String claimant(String name) {
        ProcessHandle self = ProcessHandle.current();
        long start =
                self.info().startInstant().map(java.time.Instant::toEpochMilli).orElse(0L);
        return "%s@%s:%d:%d".formatted(name, hostName(), self.pid(), start);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException noName) {
            return "localhost";
        }
    }
}
