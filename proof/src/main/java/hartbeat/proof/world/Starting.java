package hartbeat.proof.world;

import hartbeat.ft.channel.Channel;
import hartbeat.ft.channel.Joining;
import hartbeat.ft.role.Backup;
import hartbeat.ft.role.BackupStart;
import hartbeat.ft.role.Live;
import hartbeat.ft.role.PrimaryStart;
import hartbeat.ft.run.Role;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a process is from its start on: it makes a pair by the product's steps, and goes on as the role that this makes it. */
abstract sealed class Starting implements Role {
    private @Nullable Role become;

    /** The role that this has become, or null. */
    final @Nullable Role become() {
        return become;
    }

    /** The steps of making a pair. */
    abstract Role start();

    /** The steps are done: what this becomes. */
    abstract Role then();

    @Override
    public long poll(long nowNanos) {
        Role role = become;
        if (role != null) {
            return role.poll(nowNanos);
        }
        long next = start().poll(nowNanos);
        Outcome outcome = start().outcome();
        if (outcome != null && outcome.exitCode() == Outcome.DONE) {
            become = then();
            return nowNanos;
        }
        return next;
    }

    @Override
    public @Nullable Outcome outcome() {
        Role role = become;
        if (role != null) {
            return role.outcome();
        }
        Outcome outcome = start().outcome();
        return outcome == null || outcome.exitCode() == Outcome.DONE ? null : outcome;
    }

    /** A primary, to which peers come. */
    static final class Primary extends Starting {
        private final PrimaryStart start;
        private final Supplier<@Nullable Channel> door;
        private final Function<Channel, Live> then;

        /** @param door gives the next that has connected */
        Primary(PrimaryStart start, Supplier<@Nullable Channel> door, Function<Channel, Live> then) {
            this.start = start;
            this.door = door;
            this.then = then;
        }

        @Override
        public long poll(long nowNanos) {
            if (start.wantsPeer()) {
                Channel peer = door.get();
                if (peer != null) {
                    start.accept(peer, "the line");
                }
            }
            long next = super.poll(nowNanos);
            return start.wantsPeer() && become() == null ? Long.MAX_VALUE : next;
        }

        /** Whether it waits for a peer. */
        boolean waits() {
            return start.wantsPeer();
        }

        @Override
        Role start() {
            return start;
        }

        @Override
        Role then() {
            return then.apply(start.backup());
        }
    }

    /** A backup, which connects to its primary. */
    static final class Second extends Starting {
        private final BackupStart start;
        private final Function<Joining, Backup> then;

        Second(BackupStart start, Function<Joining, Backup> then) {
            this.start = start;
            this.then = then;
        }

        @Override
        Role start() {
            return start;
        }

        @Override
        Role then() {
            return then.apply(start.joining());
        }
    }
}
