package hartbeat.ft.channel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The first words: same protocol version, opposite sides, and both prove that they know the secret. */
public final class Handshake {
    private static final long TIMEOUT_NANOS = 5_000_000_000L;

    private final Channel channel;
    private final Secret secret;
    private final Message.Hello mine;
    private final Patience patience = new Patience(TIMEOUT_NANOS);
    private Message.@Nullable Hello theirs;
    private boolean greeted;
    private boolean done;
    private @Nullable String failure;

    /**
     * @param nonce 16 random bytes, never used before
     * @param name who this side is, for messages to the user
     */
    public Handshake(Channel channel, Side side, Secret secret, byte[] nonce, String name) {
        this.channel = channel;
        this.secret = secret;
        this.mine = new Message.Hello(MessageCodec.VERSION, side, nonce, name);
    }

    /** Both sides are proved. */
    public boolean done() {
        return done;
    }

    /** Why there is no pair, or null. */
    public @Nullable String failure() {
        return failure;
    }

    /** What the peer calls itself, once it is proved. */
    public String peerName() {
        return theirs == null || !done ? "?" : theirs.name();
    }

    /** @return when to call again */
    public long poll(long nowNanos) {
        if (!greeted) {
            greeted = true;
            channel.send(mine);
        }
        while (!done && failure == null) {
            Message message = channel.receive();
            if (message == null) {
                break;
            }
            hear(message);
        }
        boolean over = patience.ends(0, nowNanos);
        if (!done && failure == null) {
            String closed = channel.closed();
            if (closed != null) {
                failure = "handshake: " + closed;
            } else if (over) {
                failure = "handshake: no answer within %d ms, hint: is the other side a Hartbeat %s?"
                        .formatted(TIMEOUT_NANOS / 1_000_000, mine.side().other());
            }
        }
        return patience.nextNanos();
    }

    private void hear(Message message) {
        switch (message) {
            case Message.Hello hello when theirs == null -> greet(hello);
            case Message.Proof proof when theirs != null -> check(theirs, proof);
            case Message.Refused refused -> failure = "peer refused: " + refused.reason();
            default ->
                refuse("handshake: expected=%s, actual=%s"
                        .formatted(
                                theirs == null ? "Hello" : "Proof",
                                message.getClass().getSimpleName()));
        }
    }

    private void greet(Message.Hello hello) {
        if (hello.version() != mine.version()) {
            refuse("protocol version: %s has %d, %s has %d, hint: run the same Hartbeat on both hosts"
                    .formatted(mine.side(), mine.version(), hello.side(), hello.version()));
        } else if (hello.side() == mine.side()) {
            refuse("both ends are %s, hint: one host runs primary, the other backup".formatted(mine.side()));
        } else if (Arrays.equals(hello.nonce(), mine.nonce())) {
            refuse("peer repeats our challenge, hint: it is not a Hartbeat");
        } else {
            theirs = hello;
            channel.send(new Message.Proof(proof(mine, hello)));
        }
    }

    private void check(Message.Hello peer, Message.Proof proof) {
        if (Secret.same(proof.hmac(), proof(peer, mine))) {
            done = true;
            channel.trust();
        } else {
            refuse("pair secret of %s and %s differ, hint: both must use the same arbiter directory"
                    .formatted(mine.side(), peer.side()));
        }
    }

    private byte[] proof(Message.Hello speaker, Message.Hello listener) {
        return secret.mac("hartbeat-channel-" + speaker.side(), listener.nonce(), speaker.nonce());
    }

    private void refuse(String reason) {
        failure = reason;
        channel.send(new Message.Refused(reason));
    }
}
