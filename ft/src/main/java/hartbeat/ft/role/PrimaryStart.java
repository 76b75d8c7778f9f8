package hartbeat.ft.role;

import hartbeat.ft.arbiter.Arbiter;
import hartbeat.ft.channel.Blob;
import hartbeat.ft.channel.Channel;
import hartbeat.ft.channel.Handshake;
import hartbeat.ft.channel.Message;
import hartbeat.ft.channel.Offering;
import hartbeat.ft.channel.Secret;
import hartbeat.ft.channel.Side;
import hartbeat.ft.run.Role;
import hartbeat.ft.run.Step;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A primary until it has a backup. Peers come one after the other, and at most one is dealt with at a time; the first that proves itself and
 * takes the machine is the backup, the others are told why not. The generation is won once a peer has proved itself and before it is
 * told of the machine, so a primary that nobody has joined takes no generation from anybody.
 *
 * <pre>
 *   WAITING --peer--> GREETING --proved--> CLAIMING --won--> OFFERING --ready--> done
 *      ^-----refused or lost--+                +--lost: fenced    |
 *      ^--------------------------refused or lost-----------------+
 * </pre>
 */
public final class PrimaryStart implements Role {
    private enum Phase {
        WAITING,
        GREETING,
        CLAIMING,
        OFFERING,
        ENDED
    }

    private final Identity identity;
    private final Arbiter arbiter;
    private final Stamps stamps;
    private final Message.Configuration configuration;
    private final List<Blob> blobs;
    private final Consumer<String> notices;
    private Phase phase = Phase.WAITING;
    private @Nullable Channel channel;
    private String address = "";
    private @Nullable Handshake handshake;
    private @Nullable Offering offering;
    private @Nullable Outcome outcome;

    /**
     * Who a side is when a pair is made.
     *
     * @param name unique for this process: at the arbiter, and for messages to the peer's user
     * @param nonces 16 fresh random bytes for each peer
     */
    public record Identity(String name, Secret secret, Supplier<byte[]> nonces) {
        Handshake with(Channel channel, Side side) {
            return new Handshake(channel, side, secret, nonces.get(), name);
        }
    }

    /** What must be on stable storage around a claim, so that a crash between the two leaves the right copy of a disk known as such. */
    public interface Stamps {
        /** The arbiter is about to be asked for this generation. */
        void claiming(long generation);

        /** It was won; nothing was done in it yet. */
        void won(long generation);
    }

    /** @param configuration names the generation: the one after the highest that the start was checked against */
    public PrimaryStart(
            Identity identity,
            Arbiter arbiter,
            Stamps stamps,
            Message.Configuration configuration,
            List<Blob> blobs,
            Consumer<String> notices) {
        this.identity = identity;
        this.arbiter = arbiter;
        this.stamps = stamps;
        this.configuration = configuration;
        this.blobs = List.copyOf(blobs);
        this.notices = notices;
    }

    /** Whether the next peer may come. */
    public boolean wantsPeer() {
        return phase == Phase.WAITING;
    }

    /**
     * Somebody has connected.
     *
     * @param from where, for messages
     */
    public void accept(Channel peer, String from) {
        if (!wantsPeer()) {
            throw new IllegalStateException("a second peer while one is dealt with");
        }
        channel = peer;
        address = from;
        handshake = identity.with(peer, Side.PRIMARY);
        phase = Phase.GREETING;
    }

    /** The backup's channel, once {@link #outcome} is that there is one. */
    public Channel backup() {
        Channel made = channel;
        if (made == null || outcome == null || outcome.exitCode() != Outcome.DONE) {
            throw new IllegalStateException("there is no backup");
        }
        return made;
    }

    @Override
    public @Nullable Outcome outcome() {
        return outcome;
    }

    @Override
    public long poll(long nowNanos) {
        Channel peer = channel;
        if (peer == null) {
            return Step.FOREVER;
        }
        return switch (phase) {
            case GREETING -> greet(peer, nowNanos);
            case CLAIMING -> claim(peer, nowNanos);
            case OFFERING -> offer(peer, nowNanos);
            case WAITING, ENDED -> Step.FOREVER;
        };
    }

    private long greet(Channel peer, long nowNanos) {
        Handshake greeting = handshake;
        if (greeting == null) {
            return Step.FOREVER;
        }
        long next = greeting.poll(nowNanos);
        String failure = greeting.failure();
        if (failure != null) {
            refuse(peer, failure);
        } else if (greeting.done()) {
            notices.accept("backup is " + greeting.peerName());
            phase = Phase.CLAIMING;
            stamps.claiming(configuration.generation());
            arbiter.ask(new Arbiter.Claim(configuration.generation(), identity.name()));
            return nowNanos;
        }
        return next;
    }

    private long claim(Channel peer, long nowNanos) {
        switch (arbiter.poll()) {
            case null -> {
                return Step.FOREVER;
            }
            case Arbiter.Won won -> {
                stamps.won(won.generation());
                offering = new Offering(peer, configuration, blobs);
                phase = Phase.OFFERING;
                return nowNanos;
            }
            case Arbiter.Lost lost ->
                end(
                        peer,
                        Outcome.FENCED,
                        "generation expected=%d (ours), actual=%d, held by %s, hint: another machine has begun with this arbiter meanwhile; give each pair a directory of its own"
                                .formatted(configuration.generation(), lost.generation(), lost.holder()));
            case Arbiter.Unreachable none -> end(peer, Outcome.FAILED, none.reason());
            case Arbiter.Highest _ -> throw new IllegalStateException("a claim is not answered by a look");
        }
        return nowNanos;
    }

    private void end(Channel peer, int exitCode, String why) {
        peer.send(new Message.Refused(why));
        peer.close(why);
        phase = Phase.ENDED;
        outcome = new Outcome(exitCode, why);
    }

    private long offer(Channel peer, long nowNanos) {
        Offering offered = offering;
        if (offered == null) {
            return Step.FOREVER;
        }
        long next = offered.poll(nowNanos);
        String failure = offered.failure();
        if (failure != null) {
            refuse(peer, failure);
        } else if (offered.done()) {
            phase = Phase.ENDED;
            outcome = new Outcome(Outcome.DONE, "a backup is at the machine's first state");
        }
        return next;
    }

    /** This peer is none; the next may come. It was told why where it is to be told. */
    private void refuse(Channel peer, String why) {
        notices.accept("a peer at %s was refused: %s".formatted(address, why));
        peer.close(why);
        channel = null;
        handshake = null;
        offering = null;
        phase = Phase.WAITING;
    }
}
