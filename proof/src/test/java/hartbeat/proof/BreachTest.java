package hartbeat.proof;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.machine.Machine;
import hartbeat.emulator.memory.GuestMemory;
import hartbeat.ft.arbiter.Arbiter;
import hartbeat.ft.arbiter.SharedDirectory;
import hartbeat.ft.channel.Channel;
import hartbeat.ft.channel.Message;
import hartbeat.ft.channel.PassingChannel;
import hartbeat.ft.gate.OutputRule;
import hartbeat.ft.run.DiskMode;
import hartbeat.ft.run.Guest;
import hartbeat.ft.run.HostPort;
import hartbeat.ft.run.PassingGuest;
import hartbeat.ft.run.StateDigest;
import hartbeat.proof.Simulation.Result;
import hartbeat.proof.fault.Ending;
import hartbeat.proof.fault.Fault;
import hartbeat.proof.fault.Situation;
import hartbeat.proof.fault.Strike;
import hartbeat.proof.guest.GuestCase;
import hartbeat.proof.world.Composition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Deliberate faults, one at a time, put in by composition: the checks that the product passes must find each of them. */
final class BreachTest {
    private static final long SEED = Long.getLong("hartbeat.seed", 1);
    private static final int STRIDE = 5;
    private static final int ENOUGH = 5;
    private static final int PRIMARY = 0;
    private static final int BACKUP = 1;
    private static final long MILLI = 1_000_000;
    private static final GuestCase SERVICE = GuestCase.named(GuestCase.SERVICE);

    /** Every few crossings of the primary, killed with all that was on its way. */
    private static List<String> killed(Composition composition, DiskMode mode) {
        List<String> found = new ArrayList<>();
        try (Simulation simulation = new Simulation(SERVICE.machines(), composition)) {
            Result base = simulation.run(Scenario.struck(SEED, SERVICE, mode, null), true);
            for (long crossing = 1; crossing <= base.crossings().get(PRIMARY); crossing += STRIDE) {
                Strike strike = Strike.end(PRIMARY, crossing, Ending.CUT);
                found.addAll(simulation
                        .run(Scenario.struck(SEED, SERVICE, mode, strike), false)
                        .violations());
                if (found.size() > ENOUGH) {
                    break;
                }
            }
        }
        return found;
    }

    private static List<String> run(Composition composition, DiskMode mode, Fault... faults) {
        List<Fault.Timed> timed = new ArrayList<>();
        for (Fault fault : faults) {
            timed.add(new Fault.Timed(100 * MILLI + timed.size() * 10 * MILLI, fault));
        }
        try (Simulation simulation = new Simulation(SERVICE.machines(), composition)) {
            return simulation
                    .run(new Scenario(SEED, SERVICE, mode, Integer.MAX_VALUE, Situation.RUN, timed, null), true)
                    .violations();
        }
    }

    @Test
    void theProductPassesTheSameChecks() {
        assertThat(killed(Composition.PRODUCT, DiskMode.REPLICATED)).isEmpty();
        assertThat(killed(Composition.PRODUCT, DiskMode.SHARED)).isEmpty();
        assertThat(run(Composition.PRODUCT, DiskMode.REPLICATED)).isEmpty();
        assertThat(run(Composition.PRODUCT, DiskMode.REPLICATED, new Fault.Freeze(PRIMARY, 600 * MILLI)))
                .isEmpty();
    }

    @Test
    void gateThatReleasesTooEarlyIsFound() {
        Composition early = ruled(nextPosition -> nextPosition - 1);
        assertThat(killed(early, DiskMode.REPLICATED)).anyMatch(line -> line.contains("no machine has made"));
        assertThat(killed(ruled(_ -> 0), DiskMode.REPLICATED)).anyMatch(line -> line.contains("no machine has made"));
    }

    private static Composition ruled(OutputRule rule) {
        return new Composition() {
            @Override
            public OutputRule outputRule() {
                return rule;
            }
        };
    }

    /** An output waits for whatever is logged next, which is not in time for who waits for it. */
    @Test
    void missingMarkerIsFound() {
        Composition unmarked = ruled(new OutputRule() {
            @Override
            public long positionNeeded(long nextPosition) {
                return nextPosition;
            }

            @Override
            public boolean marker() {
                return false;
            }
        });
        List<String> found = new ArrayList<>();
        for (long seed = SEED; seed < SEED + 20; seed++) {
            for (GuestCase guest : List.of(SERVICE, GuestCase.named("net-echo"))) {
                Scenario scenario = Scenario.struck(seed, guest, DiskMode.REPLICATED, null);
                assertThat(violations(Composition.PRODUCT, scenario))
                        .as(scenario.command())
                        .isEmpty();
                found.addAll(violations(unmarked, scenario));
            }
        }
        assertThat(found).anyMatch(line -> line.contains("was held for"));
    }

    private static List<String> violations(Composition composition, Scenario scenario) {
        try (Simulation simulation = new Simulation(scenario.guest().machines(), composition)) {
            return simulation.run(scenario, true).violations();
        }
    }

    @Test
    void arbiterThatAnswersTwiceIsFound() {
        Composition twice = new Composition() {
            @Override
            public Arbiter arbiter(int process, Arbiter arbiter) {
                return new YesSayer();
            }
        };
        assertThat(run(twice, DiskMode.REPLICATED, new Fault.Partition(true, true, 3_000 * MILLI)))
                .anyMatch(line -> line.contains("both"));
    }

    /** Whoever claims wins. */
    private static final class YesSayer implements Arbiter {
        private @Nullable Answer answer;

        @Override
        public void ask(Question question) {
            answer = switch (question) {
                case Claim claim -> new Won(claim.generation());
                case Look _ -> new Highest(1, "primary");
            };
        }

        @Override
        public @Nullable Answer poll() {
            Answer given = answer;
            answer = null;
            return given;
        }
    }

    /** The directory's link gives a name that somebody has: both sides of a cut pair find themselves there. */
    @Test
    void linkThatReplacesIsFound() {
        Composition replacing = new Composition() {
            @Override
            public SharedDirectory directory(int process, SharedDirectory directory) {
                return new Replacing(directory);
            }
        };
        GuestCase guest = GuestCase.named("net-echo");
        List<String> found = new ArrayList<>();
        for (long seed = SEED; seed < SEED + 40; seed++) {
            // Both learn of it at about the same time.
            Scenario reset = new Scenario(
                    seed,
                    guest,
                    DiskMode.REPLICATED,
                    Scenario.SHORT_REQUESTS,
                    Situation.RUN,
                    List.of(
                            new Fault.Timed(
                                    4 * MILLI, new Fault.ArbiterSlow(20_000 + 20_000 * (seed % 5), 1_000 * MILLI)),
                            new Fault.Timed(5 * MILLI, new Fault.ChannelReset())),
                    null);
            assertThat(violations(Composition.PRODUCT, reset))
                    .as("seed %d", seed)
                    .isEmpty();
            found.addAll(violations(replacing, reset));
        }
        assertThat(found).anyMatch(line -> line.contains("both"));
    }

    private record Replacing(SharedDirectory inner) implements SharedDirectory {
        @Override
        public List<String> names() throws IOException {
            return inner.names();
        }

        @Override
        public String read(String name) throws IOException {
            return inner.read(name);
        }

        @Override
        public void write(String name, String content) throws IOException {
            inner.write(name, content);
        }

        @Override
        public void link(String existing, String name) throws IOException {
            inner.remove(name);
            inner.link(existing, name);
        }

        @Override
        public void sync() throws IOException {
            inner.sync();
        }

        @Override
        public void remove(String name) throws IOException {
            inner.remove(name);
        }
    }

    /** The backup hears no goodbye, only that the stream ends, and takes over a machine that its user has stopped. */
    @Test
    void goodbyeThatIsTakenForDeathIsFound() {
        Composition deaf = new Composition() {
            @Override
            public Channel channel(int process, Channel channel) {
                return process == BACKUP ? new Deaf(channel) : channel;
            }
        };
        Scenario stopped = Scenario.struck(SEED, GuestCase.named("net-echo"), DiskMode.REPLICATED, Situation.END, null);
        assertThat(violations(Composition.PRODUCT, stopped))
                .as(stopped.command())
                .isEmpty();
        assertThat(violations(deaf, stopped)).anyMatch(line -> line.contains("was stopped by its user, and"));
    }

    private static final class Deaf extends PassingChannel {
        Deaf(Channel inner) {
            super(inner);
        }

        @Override
        public @Nullable Message receive() {
            Message message = super.receive();
            return message instanceof Message.Goodbye ? super.receive() : message;
        }
    }

    /** On its way to the backup one byte of an image changes, and the checksum with it. */
    @Test
    void backupThatIsGivenAnotherMachineIsFound() {
        Composition corrupting = new Composition() {
            @Override
            public Channel channel(int process, Channel channel) {
                return process == PRIMARY ? new Corrupting(channel) : channel;
            }
        };
        Scenario start = Scenario.struck(SEED, GuestCase.named("timer"), DiskMode.REPLICATED, Situation.START, null);
        assertThat(violations(Composition.PRODUCT, start)).as(start.command()).isEmpty();
        assertThat(violations(corrupting, start)).anyMatch(line -> line.contains("was given another machine"));
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

    @Test
    void requestThatIsNotIssuedAgainIsFound() {
        Composition forgetful = new Composition() {
            @Override
            public HostPort host(int process, HostPort host) {
                return process == BACKUP ? new Forgetful(host) : host;
            }
        };
        assertThat(killed(forgetful, DiskMode.SHARED)).anyMatch(line -> line.contains("waits for answers"));
    }

    @Test
    void inputAppliedOneInstructionLateIsFound() {
        Composition late = new Composition() {
            @Override
            public Guest guest(int process, Guest guest, Machine machine) {
                return process == PRIMARY
                        ? guest
                        : new PassingGuest(guest) {
                            @Override
                            public void apply(Input input) {
                                if (input instanceof Input.TimeSample) {
                                    guest.runUntil(guest.icount() + 1);
                                }
                                super.apply(input);
                            }
                        };
            }
        };
        Scenario busy = Scenario.struck(SEED, GuestCase.named("counter"), DiskMode.REPLICATED, null);
        assertThat(violations(Composition.PRODUCT, busy)).isEmpty();
        assertThat(violations(late, busy)).anyMatch(line -> line.contains("divergence"));
    }

    /** A bit flips in a page that the guest never reads: only a digest can tell. */
    @Test
    void digestThatSkipsAPageIsFound() {
        int page = 200;
        Composition skipping = new Composition() {
            @Override
            public Guest guest(int process, Guest guest, Machine machine) {
                return new PassingGuest(guest) {
                    @Override
                    public StateDigest digest() {
                        long address = GuestMemory.BASE + (long) page * GuestMemory.PAGE_SIZE;
                        byte[] kept = new byte[GuestMemory.PAGE_SIZE];
                        machine.memory().read(address, kept, 0, kept.length);
                        machine.memory().write(address, new byte[kept.length], 0, kept.length);
                        StateDigest digest = super.digest();
                        machine.memory().write(address, kept, 0, kept.length);
                        return digest;
                    }
                };
            }
        };
        Fault flip = new Fault.FlipBit(BACKUP, page);
        assertThat(run(Composition.PRODUCT, DiskMode.REPLICATED, flip))
                .as("the product's digest sees the page, and the backup that differs is excused for stopping")
                .isEmpty();
        assertThat(run(skipping, DiskMode.REPLICATED, flip)).anyMatch(line -> line.contains("its state at icount"));
    }

    /** Forgets the requests that are issued between going live and the first one that the live machine makes anew. */
    private static final class Forgetful implements HostPort {
        private final HostPort inner;
        private boolean justLive;

        Forgetful(HostPort inner) {
            this.inner = inner;
        }

        @Override
        public @Nullable Input poll(Predicate<Input> admissible) {
            return inner.poll(admissible);
        }

        @Override
        public boolean canSend() {
            justLive = false;
            return inner.canSend();
        }

        @Override
        public void send(long generation, Emission emission) {
            inner.send(generation, emission);
        }

        @Override
        public long delivered() {
            return inner.delivered();
        }

        @Override
        public void request(long generation, Output.FromDevice request) {
            if (!justLive) {
                inner.request(generation, request);
            }
        }

        @Override
        public void logged(int device, long ticket) {
            inner.logged(device, ticket);
        }

        @Override
        public void live(long generation, long[] resumeAfterTicket) {
            justLive = true;
            inner.live(generation, resumeAfterTicket);
        }

        @Override
        public long fencedBy() {
            return inner.fencedBy();
        }
    }
}
