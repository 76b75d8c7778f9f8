package hartbeat.tools.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PlanTest {
    private static final int LIVES = 400;
    private static final Set<Kind> EIGHT = EnumSet.of(
            Kind.PAUSE_PRIMARY,
            Kind.KILL_PRIMARY,
            Kind.KILL_BACKUP,
            Kind.FREEZE_PRIMARY,
            Kind.FREEZE_BACKUP,
            Kind.CUT,
            Kind.DELAY,
            Kind.KILL_FULL_DISKS,
            Kind.FULL_PRIMARY);

    @TempDir
    Path directory;

    /** A campaign's lives have consecutive seeds, and it is short against the distance of seeds that differ much. */
    @ParameterizedTest
    @ValueSource(longs = {0, 600_000, 1_795_288_000_000L})
    void consecutiveSeedsDrawEveryKindAboutAsOften(long first) throws IOException {
        assertEven(first, EnumSet.allOf(Kind.class));
        assertEven(first, EIGHT);
    }

    private void assertEven(long first, Set<Kind> only) throws IOException {
        Guest guest = new ServiceGuest(directory);
        Map<Kind, Integer> endings = new EnumMap<>(Kind.class);
        Set<Kind> passed = EnumSet.noneOf(Kind.class);
        for (long seed = first; seed < first + LIVES; seed++) {
            Plan plan = Plan.draw(Plan.random(seed), only, guest);
            Kind ending = plan.ending();
            if (ending != null) {
                endings.merge(ending, 1, Integer::sum);
            }
            passed.addAll(plan.passing());
        }
        long ends = only.stream().filter(kind -> !kind.passes()).count();
        assertThat(endings).hasSize((int) ends);
        // Four standard deviations of a count of 28, about.
        assertThat(endings.values()).allMatch(count -> count > LIVES / ends / 4 && count < 2 * LIVES / ends);
        assertThat(passed)
                .containsExactlyInAnyOrderElementsOf(
                        only.stream().filter(Kind::passes).toList());
    }

    @Test
    void consecutiveSeedsDrawBothExecutors() {
        long interpreted = java.util.stream.LongStream.range(0, LIVES)
                .filter(seed -> {
                    RandomGenerator random = Plan.random(seed);
                    return random.nextBoolean();
                })
                .count();
        assertThat(interpreted).isBetween(LIVES / 4L, 3 * LIVES / 4L);
    }
}
