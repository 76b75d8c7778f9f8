package hartbeat.tools.compose;

import hartbeat.ft.channel.Handshake;
import hartbeat.ft.channel.Joining;
import hartbeat.ft.channel.Offering;
import org.jspecify.annotations.Nullable;

/** The steps of making a pair, in the form in which {@link PairLoop} polls them. */
final class Steps {
    private Steps() {}

    record OfHandshake(Handshake step) implements PairLoop.Making {
        @Override
        public long poll(long nowNanos) {
            return step.poll(nowNanos);
        }

        @Override
        public boolean done() {
            return step.done();
        }

        @Override
        public @Nullable String failure() {
            return step.failure();
        }
    }

    record OfOffering(Offering step) implements PairLoop.Making {
        @Override
        public long poll(long nowNanos) {
            return step.poll(nowNanos);
        }

        @Override
        public boolean done() {
            return step.done();
        }

        @Override
        public @Nullable String failure() {
            return step.failure();
        }
    }

    record OfJoining(Joining step) implements PairLoop.Making {
        @Override
        public long poll(long nowNanos) {
            return step.poll(nowNanos);
        }

        @Override
        public boolean done() {
            return step.done();
        }

        @Override
        public @Nullable String failure() {
            return step.failure();
        }
    }
}
