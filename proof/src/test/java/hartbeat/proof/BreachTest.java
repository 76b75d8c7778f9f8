package hartbeat.proof;

import static hartbeat.proof.Breach.BACKUP;
import static hartbeat.proof.Breach.MILLI;
import static hartbeat.proof.Breach.PRIMARY;
import static hartbeat.proof.Breach.SEED;
import static hartbeat.proof.Breach.SERVICE;
import static hartbeat.proof.Breach.killed;
import static hartbeat.proof.Breach.run;
import static hartbeat.proof.Breach.violations;
import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.machine.Machine;
import hartbeat.emulator.memory.GuestMemory;
import hartbeat.ft.arbiter.Arbiter;
import hartbeat.ft.arbiter.SharedDirectory;
import hartbeat.ft.gate.OutputRule;
import hartbeat.ft.run.DiskMode;
import hartbeat.ft.run.Guest;
import hartbeat.ft.run.HostPort;
import hartbeat.ft.run.PassingGuest;
import hartbeat.ft.run.StateDigest;
import hartbeat.proof.fault.Fault;
import hartbeat.proof.fault.Situation;
import hartbeat.proof.guest.GuestCase;
import hartbeat.proof.world.Composition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Deliberate faults in what two machines are, one at a time, put in by composition: the checks that the product passes must find each
 * of them.
 */
final class BreachTest {
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
    private static final class Forgetful extends PassingHost {
        private boolean justLive;

        Forgetful(HostPort inner) {
            super(inner);
        }

        @Override
        public boolean canSend() {
            justLive = false;
            return super.canSend();
        }

        @Override
        public void request(long generation, Output.FromDevice request) {
            if (!justLive) {
                super.request(generation, request);
            }
        }

        @Override
        public void live(long generation, long[] resumeAfterTicket) {
            justLive = true;
            super.live(generation, resumeAfterTicket);
        }
    }
}
