package hartbeat.tools.compose;

import hartbeat.devices.host.HostException;
import hartbeat.devices.host.disk.DiskStamp;
import hartbeat.devices.host.entropy.EntropyBackend;
import hartbeat.devices.host.link.LinkAddress;
import hartbeat.ft.detector.Timeouts;
import hartbeat.ft.role.PrimaryStart;
import hartbeat.ft.role.Settings;
import hartbeat.ft.run.DiskMode;
import hartbeat.ft.run.Role;
import hartbeat.ft.run.host.RealTimeLoop;
import hartbeat.tools.ExitCode;
import hartbeat.tools.UserError;
import hartbeat.tools.UserLog;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** What both sides of a pair have in common: messages, host side, stamps of disks, and the way they end. */
final class PairMachine implements AutoCloseable {
    private static final int NONCE_BYTES = 16;
    private static final long SETTLE_MILLIS = 5_000;

    private final PairSide options;
    private final StatusLines lines;
    private final RealTimeLoop loop = new RealTimeLoop();
    private final BiFunction<Path, String, PairArbiter> opening;
    private @Nullable PairArbiter arbiter;
    private volatile long liveGeneration;

    /** @param opening of the arbiter, given its path and this side's name */
    PairMachine(PairSide options, StatusLines lines, BiFunction<Path, String, PairArbiter> opening) {
        this.options = options;
        this.lines = lines;
        this.opening = opening;
    }

    /** The arbiter, opened when it is first asked for: a backup's is there once its primary answers. */
    PairArbiter arbiter() {
        PairArbiter known = arbiter;
        if (known == null) {
            known = opening.apply(options.arbiter(), options.name());
            arbiter = known;
        }
        return known;
    }

    /** Others may use the arbiter from now on. */
    @Override
    public void close() throws IOException {
        PairArbiter known = arbiter;
        if (known != null) {
            known.close();
        }
    }

    RealTimeLoop loop() {
        return loop;
    }

    StatusLines lines() {
        return lines;
    }

    /** Who this side is to a peer. */
    PrimaryStart.Identity identity() {
        return new PrimaryStart.Identity(arbiter().claimant(), arbiter().secret(), PairMachine::nonce);
    }

    static byte[] nonce() {
        byte[] nonce = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        return nonce;
    }

    Settings settings(DiskMode mode) {
        return new Settings(
                arbiter().claimant(), mode, Timeouts.suspectingAfter(options.suspectMillis()), this::notice);
    }

    /** One line for the user. */
    void notice(String line) {
        UserLog.say(line);
        lines.tell("notice", Map.of("message", line));
    }

    /**
     * The host side of this side's machine.
     *
     * @param disks stamped with the generation, or claimed for it, when this side goes live
     */
    MachineHost host(BuiltMachine built, Disks disks) {
        List<Path> images = disks.stampedImages();
        MachineHost host = new MachineHost(built.machine().devices().size(), loop::wake, generation -> {
            disks.live(generation);
            stamp(images, generation, DiskStamp.Standing.LIVE);
            liveGeneration = generation;
            lines.tell(
                    "live",
                    Map.of("generation", generation, "icount", built.machine().icount()));
        });
        host.onClaim(generation -> stampClaim(images, generation));
        disks.connect(host, built.indexes().drives());
        host.entropy(built.indexes().rng(), new EntropyBackend(host.sink()));
        requireLans(built);
        LinkAddress hub = options.lans().isEmpty() ? null : options.lans().getFirst();
        Lans.connect(
                host, built, options.lans().subList(0, built.config().nics().size()), hub, options.name(), loop::wake);
        return host;
    }

    private void requireLans(BuiltMachine built) {
        int cards = built.config().nics().size();
        if (options.lans().size() < cards) {
            throw UserError.failed(
                    "the machine's network cards: expected=%d switches, actual=%d"
                            .formatted(cards, options.lans().size()),
                    "give this side a --net switch=.. for each");
        }
    }

    void stamp(List<Path> images, long generation, DiskStamp.Standing standing) {
        write(images, new DiskStamp(arbiter().pairId(), generation, standing));
    }

    /** Before the arbiter is asked, so that a crash right after the answer leaves the right copy known as such. */
    void stampClaim(List<Path> images, long generation) {
        write(
                images,
                new DiskStamp(
                        arbiter().pairId(),
                        generation,
                        DiskStamp.Standing.CLAIMING,
                        PairArbiter.claimOf(arbiter().claimant())));
    }

    private void write(List<Path> images, DiskStamp stamp) {
        for (Path image : images) {
            try {
                stamp.write(image);
            } catch (HostException e) {
                // The machine goes on: a missing stamp is a question at the next start, a stopped guest is a failure
                // now.
                notice(e.oneLine());
            }
        }
    }

    /**
     * At the end of a machine that no other goes on with: its disks finish what they were asked, so that this side's copies hold all of it.
     *
     * @return whether they do
     */
    boolean settle(Role.Outcome outcome, MachineHost host) {
        if (outcome.exitCode() != ExitCode.DONE && outcome.exitCode() != ExitCode.FAILED) {
            return false;
        }
        boolean settled = host.settle(SETTLE_MILLIS);
        if (!settled) {
            notice("the disks did not finish within %d ms: they are as after a power cut".formatted(SETTLE_MILLIS));
        }
        return settled;
    }

    boolean wasLive() {
        return liveGeneration > 0;
    }

    /** The generation in which this side's machine is live; 0 before it is. */
    long liveGeneration() {
        return liveGeneration;
    }

    /** Tells how this side ended, and makes it the process's exit code. */
    int end(Role.Outcome outcome, MachineHost host) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("exitCode", outcome.exitCode());
        fields.put("message", outcome.message());
        fields.put("wasLive", liveGeneration);
        fields.put("sent", host.sent());
        fields.put("lastSentNanos", host.lastSentNanos());
        lines.tell("end", fields);
        if (outcome.exitCode() != ExitCode.DONE) {
            throw UserError.of(outcome.exitCode(), outcome.message(), null);
        }
        UserLog.say(outcome.message());
        return ExitCode.DONE;
    }
}
