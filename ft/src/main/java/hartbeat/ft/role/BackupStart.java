package hartbeat.ft.role;

import hartbeat.ft.channel.BlobStore;
import hartbeat.ft.channel.Channel;
import hartbeat.ft.channel.Handshake;
import hartbeat.ft.channel.Joining;
import hartbeat.ft.channel.Side;
import hartbeat.ft.run.Role;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A backup until it has the machine: both sides prove themselves, then machine and images come. Whoever composes it builds the machine then. */
public final class BackupStart implements Role {
    private final Handshake handshake;
    private final Joining joining;
    private final Consumer<String> notices;
    private boolean proved;
    private @Nullable Outcome outcome;

    public BackupStart(PrimaryStart.Identity identity, Channel channel, BlobStore store, Consumer<String> notices) {
        this.handshake = identity.with(channel, Side.BACKUP);
        this.joining = new Joining(channel, store);
        this.notices = notices;
    }

    /** The machine that has come, once {@link #outcome} is that it is all here; to be answered by ready or refused. */
    public Joining joining() {
        return joining;
    }

    @Override
    public @Nullable Outcome outcome() {
        return outcome;
    }

    @Override
    public long poll(long nowNanos) {
        if (!proved) {
            long next = handshake.poll(nowNanos);
            proved = handshake.done();
            ended(handshake.failure());
            if (proved) {
                notices.accept("primary is " + handshake.peerName());
                return nowNanos;
            }
            return next;
        }
        long next = joining.poll(nowNanos);
        ended(joining.failure());
        if (outcome == null && joining.done()) {
            outcome = new Outcome(Outcome.DONE, "the machine is here");
        }
        return next;
    }

    private void ended(@Nullable String failure) {
        if (failure != null && outcome == null) {
            outcome = new Outcome(Outcome.FAILED, failure);
        }
    }
}
