package hartbeat.proof;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.ft.run.DiskMode;
import hartbeat.proof.Simulation.Result;
import hartbeat.proof.fault.Ending;
import hartbeat.proof.fault.Situation;
import hartbeat.proof.fault.Strike;
import hartbeat.proof.guest.GuestCase;
import hartbeat.proof.world.Composition;
import hartbeat.proof.world.Executors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A bounded part of what {@code ./hartbeat simulate} and {@code ./hartbeat crashpoints} do at length. */
final class SimulationTest {
    /** Another one each day would find more, and fail where nobody has changed anything; campaigns are for that. */
    private static final long SEED = Long.getLong("hartbeat.seed", 1);

    private static final int HISTORIES = 12;
    private static final int STRIDE = 17;
    private static final GuestCase SERVICE = GuestCase.named(GuestCase.SERVICE);

    /** Kept, so that the setting stays. */
    private static final Logger DISK_LOG = Logger.getLogger("hartbeat.devices.host");

    @BeforeAll
    static void injectedFaultsAreNoNews() {
        DISK_LOG.setLevel(Level.OFF);
    }

    @TestFactory
    Stream<DynamicTest> everyGuestRunsAndEnds() {
        return GuestCase.all().stream()
                .map(guest -> DynamicTest.dynamicTest(guest.name(), () -> {
                    for (DiskMode mode : DiskMode.values()) {
                        Result result = run(Scenario.struck(SEED, guest, mode, null), true);
                        assertGood(result);
                        assertThat(result.takeOvers()).isZero();
                    }
                }));
    }

    @Test
    void historiesOfFaultsAreGood() {
        int takeOvers = 0;
        try (Simulation simulation = new Simulation(SERVICE.machines(), Composition.PRODUCT)) {
            for (int i = 0; i < HISTORIES; i++) {
                Result result = simulation.run(Scenario.faulty(SEED + i, SERVICE, DiskMode.values()[i % 2]), true);
                assertGood(result);
                takeOvers += result.takeOvers();
            }
        }
        assertThat(takeOvers).as("take-overs in %d histories", HISTORIES).isPositive();
    }

    @Test
    void eachWayToBeStruckIsSurvived() {
        for (DiskMode mode : DiskMode.values()) {
            List<Result> results = sweep(mode, STRIDE);
            results.forEach(SimulationTest::assertGood);
            assertThat(results.stream().mapToInt(Result::takeOvers).sum())
                    .as("take-overs at %d points", results.size())
                    .isGreaterThan(results.size() / 2);
        }
    }

    /** Whatever goes on besides: a start, an end, a cut, a take-over, a switch that is killed. */
    @TestFactory
    Stream<DynamicTest> eachSituationIsSurvived() {
        return Arrays.stream(Situation.values())
                .map(situation -> DynamicTest.dynamicTest(situation.name(), () -> {
                    GuestCase guest = GuestCase.named("net-echo");
                    for (DiskMode mode : DiskMode.values()) {
                        try (Simulation simulation = new Simulation(guest.machines(), Composition.PRODUCT)) {
                            Result base = simulation.run(Scenario.struck(SEED, guest, mode, situation, null), true);
                            assertGood(base);
                            assertThat(base.marks())
                                    .hasSameSizeAs(situation == Situation.RUN ? List.of() : base.crossings());
                            for (Strike strike : strikes(situation, base)) {
                                assertGood(
                                        simulation.run(Scenario.struck(SEED, guest, mode, situation, strike), false));
                            }
                        }
                    }
                }));
    }

    private static List<Strike> strikes(Situation situation, Result base) {
        List<Strike> strikes = new ArrayList<>();
        for (int process = 0; process < base.crossings().size(); process++) {
            long from = situation.cold() || base.marks().isEmpty()
                    ? 1
                    : base.marks().get(process) + 1;
            for (long crossing = from; crossing <= base.crossings().get(process); crossing += 5) {
                int way = (int) (crossing % (Ending.values().length + 1));
                strikes.add(
                        way == 0
                                ? Strike.stop(process, crossing, Work.STOP_NANOS)
                                : Strike.end(process, crossing, Ending.values()[way - 1]));
            }
        }
        return strikes;
    }

    private static List<Result> sweep(DiskMode mode, int stride) {
        List<Result> results = new ArrayList<>();
        try (Simulation simulation = new Simulation(SERVICE.machines(), Composition.PRODUCT)) {
            List<Long> crossings = simulation
                    .run(Scenario.struck(SEED, SERVICE, mode, null), true)
                    .crossings();
            int ways = Ending.values().length + 1;
            for (int process = 0; process < crossings.size(); process++) {
                for (long crossing = 1; crossing <= crossings.get(process); crossing += stride) {
                    int way = (int) (crossing / stride % ways);
                    Strike strike = way == 0
                            ? Strike.stop(process, crossing, Work.STOP_NANOS)
                            : Strike.end(process, crossing, Ending.values()[way - 1]);
                    results.add(simulation.run(Scenario.struck(SEED, SERVICE, mode, strike), false));
                }
            }
        }
        return results;
    }

    /** In another machine, after other runs: nothing is left of them, and nothing comes from the host. */
    @Test
    void seedRepeatsARunToTheByte() {
        Scenario scenario = Scenario.faulty(SEED, SERVICE, DiskMode.REPLICATED);
        List<String> first = new ArrayList<>();
        List<String> second = new ArrayList<>();
        long hash;
        try (Simulation simulation = new Simulation(SERVICE.machines(), Composition.PRODUCT)) {
            hash = simulation.run(scenario, true, first::add).traceHash();
            simulation.run(Scenario.faulty(SEED + 1, SERVICE, DiskMode.SHARED), true);
            assertThat(simulation.run(scenario, true, second::add).traceHash())
                    .as(scenario.command())
                    .isEqualTo(hash);
        }
        assertThat(second).isEqualTo(first);
        assertThat(run(scenario, true).traceHash()).as(scenario.command()).isEqualTo(hash);
        assertThat(run(Scenario.faulty(SEED + 1, SERVICE, DiskMode.REPLICATED), true)
                        .traceHash())
                .isNotEqualTo(hash);
    }

    /** What runs the guests can be seen nowhere, so a pair may have one each. */
    @Test
    void executorLeavesNoTrace() {
        List<Long> hashes = new ArrayList<>();
        for (Executors executors : Executors.values()) {
            Scenario scenario = Scenario.faulty(SEED, SERVICE.on(executors), DiskMode.REPLICATED);
            Result result = run(scenario, true);
            assertGood(result);
            hashes.add(result.traceHash());
        }
        assertThat(hashes).containsOnly(hashes.getFirst());
    }

    private static Result run(Scenario scenario, boolean deep) {
        try (Simulation simulation = new Simulation(scenario.guest().machines(), Composition.PRODUCT)) {
            return simulation.run(scenario, deep);
        }
    }

    private static void assertGood(Result result) {
        assertThat(result.violations())
                .as("repeat: %s", result.scenario().command())
                .isEmpty();
    }
}
