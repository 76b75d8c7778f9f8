package hartbeat.ft.sim;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.ft.channel.Side;
import hartbeat.ft.gate.OutputRule;
import hartbeat.ft.run.DiskMode;
import hartbeat.ft.run.HostPort;
import hartbeat.ft.run.Role;
import hartbeat.ft.run.StateDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Deliberate faults, one at a time: the same checks that pass elsewhere must find each of them. */
final class BreachTest {
    private static final long MILLI = Pair.MILLI;
    private static final long SEED = Long.getLong("hartbeat.seed", 1);

    /** The acknowledged entry was appended before the output: inputs that the output depends on may be lost with the primary. */
    @Test
    void gateThatReleasesEarlyIsFound() {
        Pair.Options options = new Pair.Options();
        options.rule = nextPosition -> nextPosition - 1;
        assertThat(violationsOfKills(options)).as("seed=%d", SEED).isNotEmpty();
    }

    @Test
    void gateThatDoesNotWaitAtAllIsFound() {
        Pair.Options options = new Pair.Options();
        options.rule = _ -> 0;
        assertThat(violationsOfKills(options)).as("seed=%d", SEED).isNotEmpty();
    }

    @Test
    void theRightGatePassesTheSameChecks() {
        assertThat(violationsOfKills(new Pair.Options())).as("seed=%d", SEED).isEmpty();
    }

    private static List<String> violationsOfKills(Pair.Options options) {
        Random random = new Random(SEED);
        List<String> found = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Pair pair = new Pair(random.nextLong(), options);
            pair.run(40 * MILLI + random.nextLong(10 * MILLI));
            pair.kill(Side.PRIMARY);
            pair.run(200 * MILLI);
            PairTest.settle(pair);
            found.addAll(Checks.violations(pair));
        }
        return found;
    }

    @Test
    void missingMarkerIsFound() {
        assertThat(longestHoldNanos(OutputRule.APPENDED_AFTER)).isLessThan(1_000_000);
        assertThat(longestHoldNanos(new OutputRule() {
                    @Override
                    public long positionNeeded(long nextPosition) {
                        return nextPosition;
                    }

                    @Override
                    public boolean marker() {
                        return false;
                    }
                }))
                .isGreaterThan(1_000_000);
    }

    /** How long outputs wait at the gate: from the instruction that made them to the LAN. */
    private static long longestHoldNanos(OutputRule rule) {
        Pair.Options options = new Pair.Options();
        options.rule = rule;
        Pair[] pair = new Pair[1];
        java.util.TreeMap<Long, Long> madeNanos = new java.util.TreeMap<>();
        options.primaryGuest = toy -> new Wrapped(toy) {
            @Override
            public @Nullable Emission pollOutput() {
                Emission emission = super.pollOutput();
                if (emission != null && pair[0] != null) {
                    madeNanos.put(emission.number(), pair[0].nowNanos());
                }
                return emission;
            }
        };
        pair[0] = new Pair(SEED, options);
        pair[0].run(300 * MILLI);
        long longest = 0;
        for (SimLan.Seen item : pair[0].lan.seen()) {
            long made = madeNanos.get(item.emission().number());
            longest = Math.max(longest, made > 20 * MILLI ? item.atNanos() - made : 0);
        }
        return longest;
    }

    @Test
    void inputAppliedOneInstructionLateIsFound() {
        Pair.Options options = new Pair.Options();
        options.backupGuest = toy -> new Wrapped(toy) {
            @Override
            public void apply(Input input) {
                if (input instanceof Input.FrameReceived) {
                    inner.runUntil(inner.icount() + 1);
                }
                super.apply(input);
            }
        };
        Pair pair = new Pair(SEED, options);
        pair.run(500 * MILLI);
        Role.Outcome outcome = pair.backup.outcome();
        assertThat(outcome).as(pair.repeat()).isNotNull();
        assertThat(outcome.exitCode()).isEqualTo(Role.Outcome.DIVERGED);
        assertThat(outcome.message()).contains("divergence:", "icount=", "position=");
        PairTest.settle(pair);
        assertThat(pair.primary.status(pair.nowNanos()).phase())
                .as(pair.repeat())
                .isEqualTo("ALONE");
        PairTest.assertGood(pair);
    }

    @Test
    void arbiterThatAnswersTwiceIsFound() {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Pair pair = new Pair(SEED + i);
            pair.arbiter.answersTwice();
            pair.run(100 * MILLI);
            pair.cutLink();
            pair.run(3_000 * MILLI);
            PairTest.settle(pair);
            found.addAll(Checks.violations(pair));
        }
        assertThat(found).as("seed=%d", SEED).anyMatch(violation -> violation.contains("both"));
    }

    @Test
    void digestThatSkipsAPageIsFound() {
        for (int page = 0; page < ToyGuest.PAGES; page += 7) {
            assertThat(divergesWhenCorrupted(page, -1)).as("page %d", page).isTrue();
            assertThat(divergesWhenCorrupted(page, page)).as("page %d", page).isFalse();
        }
    }

    private static boolean divergesWhenCorrupted(int page, int skipped) {
        Pair.Options options = new Pair.Options();
        options.primaryGuest = toy -> skipping(toy, skipped);
        options.backupGuest = toy -> skipping(toy, skipped);
        Pair pair = new Pair(SEED, options);
        pair.run(100 * MILLI);
        pair.backupToy.corruptMemory(page);
        pair.run(300 * MILLI);
        Role.Outcome outcome = pair.backup.outcome();
        return outcome != null && outcome.message().contains("memory");
    }

    private static Wrapped skipping(ToyGuest toy, int page) {
        return new Wrapped(toy) {
            @Override
            public StateDigest digest() {
                return inner.digest(page);
            }
        };
    }

    @Test
    void requestThatIsNotIssuedAgainIsFound() {
        assertThat(diskGoesOn(port -> port)).isTrue();
        assertThat(diskGoesOn(ForgetfulPort::new)).isFalse();
    }

    /** Whether the guest's disk goes on after take-overs at many places, with a shared disk. */
    private static boolean diskGoesOn(java.util.function.UnaryOperator<HostPort> backupPort) {
        boolean allGoOn = true;
        for (int i = 0; i < 10; i++) {
            Pair.Options options = new Pair.Options();
            options.disk = DiskMode.SHARED;
            options.backupPort = backupPort;
            Pair pair = new Pair(SEED + i, options);
            pair.primaryHost.diskNanos(3 * MILLI);
            pair.backupHost.diskNanos(3 * MILLI);
            pair.run(50 * MILLI);
            pair.kill(Side.PRIMARY);
            pair.run(1_000 * MILLI);
            allGoOn &= pair.backupHost.requests().size() > 50;
        }
        return allGoOn;
    }

    /** Forgets the requests that are issued before the first one that the live machine makes anew. */
    private static final class ForgetfulPort implements HostPort {
        private final HostPort inner;
        private boolean polled;

        ForgetfulPort(HostPort inner) {
            this.inner = inner;
        }

        @Override
        public @Nullable Input poll(Predicate<Input> admissible) {
            return inner.poll(admissible);
        }

        @Override
        public boolean canSend() {
            polled |= inner.canSend();
            return inner.canSend();
        }

        @Override
        public void send(long generation, Emission emission) {
            inner.send(generation, emission);
        }

        @Override
        public void request(long generation, Output.FromDevice request) {
            if (polled) {
                inner.request(generation, request);
            }
        }

        @Override
        public void logged(int device, long ticket) {
            inner.logged(device, ticket);
        }

        @Override
        public void live(long generation, long[] resumeAfterTicket) {
            inner.live(generation, resumeAfterTicket);
        }

        @Override
        public long fencedBy() {
            return inner.fencedBy();
        }
    }
}
