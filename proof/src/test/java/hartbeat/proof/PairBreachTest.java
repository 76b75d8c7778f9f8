package hartbeat.proof;

import static hartbeat.proof.Breach.BACKUP;
import static hartbeat.proof.Breach.PRIMARY;
import static hartbeat.proof.Breach.SEED;
import static hartbeat.proof.Breach.SPARE;
import static hartbeat.proof.Breach.only;
import static hartbeat.proof.Breach.quiet;
import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.ft.channel.Channel;
import hartbeat.ft.channel.Handshake;
import hartbeat.ft.channel.Message;
import hartbeat.ft.channel.PassingChannel;
import hartbeat.ft.channel.Side;
import hartbeat.ft.run.DiskMode;
import hartbeat.proof.fault.Situation;
import hartbeat.proof.guest.GuestCase;
import hartbeat.proof.world.Composition;
import hartbeat.proof.world.World;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Deliberate faults in how a pair is made, how it ends and what it takes for an end, one at a time: the checks must find each of them. */
final class PairBreachTest {
    /** The stream as one process has it is replaced. */
    private static Composition stream(int process, UnaryOperator<Channel> by) {
        return new Composition() {
            @Override
            public Channel channel(int of, Channel channel) {
                return of == process ? by.apply(channel) : channel;
            }
        };
    }

    /** On its way to the backup one byte of an image changes, and the checksum with it. */
    @Test
    void backupThatIsGivenAnotherMachineIsFound() {
        assertThat(only(stream(PRIMARY, Corrupting::new), quiet("timer", Situation.START)))
                .anyMatch(line -> line.contains("was given another machine"));
    }

    private static final class Corrupting extends PassingChannel {
        Corrupting(Channel inner) {
            super(inner);
        }

        @Override
        public boolean send(Message message) {
            if (message instanceof Message.BlobChunk chunk) {
                byte[] bytes = chunk.bytes().clone();
                bytes[bytes.length / 2] ^= 1;
                return super.send(new Message.BlobChunk(bytes));
            }
            return super.send(message);
        }
    }

    /** The primary's door lets in two at once: both prove themselves, and whatever is said to one is said to the other. */
    @Test
    void handshakeWithTwoBackupsAtOnceIsFound() {
        List<String> found = new ArrayList<>();
        // The second comes at once, or when all is over, as the seed has it.
        for (long seed = SEED; seed < SEED + 20 && found.stream().noneMatch(PairBreachTest::isOfTwo); seed++) {
            Scenario start =
                    Scenario.struck(seed, GuestCase.named("timer"), DiskMode.REPLICATED, Situation.START, null);
            found.addAll(only(new TwoAtOnce(), start));
        }
        assertThat(found).anyMatch(PairBreachTest::isOfTwo);
    }

    private static boolean isOfTwo(String line) {
        return line.contains("2 backups have followed one primary");
    }

    private static final class TwoAtOnce implements Composition {
        private final Deque<Message> said = new ArrayDeque<>();

        @Override
        public Channel channel(int process, Channel channel) {
            return switch (process) {
                case PRIMARY -> new Overheard(channel, said);
                case SPARE -> new Second(said);
                default -> channel;
            };
        }
    }

    /** Whatever a primary says after the handshake is said to somebody else as well. */
    private static final class Overheard extends PassingChannel {
        private final Deque<Message> said;

        Overheard(Channel inner, Deque<Message> said) {
            super(inner);
            this.said = said;
        }

        @Override
        public boolean send(Message message) {
            boolean sent = super.send(message);
            if (sent && !(message instanceof Message.Hello || message instanceof Message.Proof)) {
                said.add(message);
            }
            return sent;
        }
    }

    /** An end of a stream of which both ends are a test's. */
    private static class End implements Channel {
        private final Deque<Message> in;
        private final Deque<Message> out;

        End(Deque<Message> in, Deque<Message> out) {
            this.in = in;
            this.out = out;
        }

        @Override
        public boolean send(Message message) {
            return out.add(message);
        }

        @Override
        public @Nullable Message receive() {
            return in.poll();
        }

        @Override
        public @Nullable String closed() {
            return null;
        }

        @Override
        public void trust() {
            // Nothing comes over a wire.
        }

        @Override
        public void close(String why) {
            // Nobody is told.
        }
    }

    /** The stream of the second backup: a handshake of its own with the primary, then what the first is told. */
    private static final class Second extends End {
        private final Deque<Message> said;
        private final Handshake primary;

        Second(Deque<Message> said) {
            this(said, new ArrayDeque<>(), new ArrayDeque<>());
        }

        private Second(Deque<Message> said, Deque<Message> mine, Deque<Message> answers) {
            super(answers, mine);
            this.said = said;
            primary = new Handshake(new End(mine, answers), Side.PRIMARY, World.SECRET, new byte[16], "primary");
        }

        @Override
        public @Nullable Message receive() {
            if (!primary.done()) {
                primary.poll(0);
            }
            Message answer = super.receive();
            return answer == null ? said.poll() : answer;
        }
    }

    /** Whoever comes is turned away, and the primary waits for ever. */
    @Test
    void proofThatIsNeverBelievedIsFound() {
        Composition doubting = stream(PRIMARY, channel -> new PassingChannel(channel) {
            @Override
            public @Nullable Message receive() {
                Message message = super.receive();
                return message instanceof Message.Proof ? new Message.Proof(new byte[32]) : message;
            }
        });
        assertThat(only(doubting, quiet("timer", Situation.START)))
                .anyMatch(line -> line.contains("waits for a backup, and"));
    }

    /** The backup hears no goodbye, only that the stream ends, and takes over a machine that its user has stopped. */
    @Test
    void goodbyeThatIsTakenForDeathIsFound() {
        Composition deaf = stream(BACKUP, channel -> new PassingChannel(channel) {
            @Override
            public @Nullable Message receive() {
                Message message = super.receive();
                return message instanceof Message.Goodbye ? super.receive() : message;
            }
        });
        assertThat(only(deaf, quiet("net-echo", Situation.END)))
                .anyMatch(line -> line.contains("was stopped by its user, and"));
    }

    /** Each part of the log comes when the next one does, so the last one never. */
    @Test
    void goodbyeThatOvertakesTheLogIsFound() {
        assertThat(only(stream(BACKUP, Overtaken::new), quiet("net-echo", Situation.END)))
                .anyMatch(line -> line.contains("both have ended, primary at icount"));
    }

    private static final class Overtaken extends PassingChannel {
        private Message.@Nullable LogBatch late;

        Overtaken(Channel inner) {
            super(inner);
        }

        @Override
        public @Nullable Message receive() {
            Message message = super.receive();
            if (message instanceof Message.LogBatch batch) {
                Message before = late;
                late = batch;
                return before == null ? receive() : before;
            }
            return message;
        }
    }

    /** A stream that is whole is taken for one that was closed: the backup takes over, whether a switch has died or nothing at all. */
    @Test
    void takeOverWithoutAFaultIsFound() {
        Composition nervous = stream(BACKUP, channel -> new PassingChannel(channel) {
            private static final int HEARD = 5;
            private int heard;

            @Override
            public @Nullable Message receive() {
                Message message = super.receive();
                heard += message == null ? 0 : 1;
                return message;
            }

            @Override
            public @Nullable String closed() {
                return heard > HEARD ? "it seems so" : super.closed();
            }
        });
        for (Situation situation : List.of(Situation.RUN, Situation.SWITCH)) {
            assertThat(only(nervous, quiet("net-echo", situation)))
                    .as(situation.name())
                    .anyMatch(line -> line.contains("a take-over without a fault"));
        }
    }
}
