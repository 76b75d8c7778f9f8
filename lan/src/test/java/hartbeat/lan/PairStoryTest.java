package hartbeat.lan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Exactly once, both ways, over any number of take-overs. */
class PairStoryTest {
    private static final long SEED = Long.getLong("hartbeat.seed", 1);
    private static final int STORIES = 300;

    @Test
    void nothingIsLostOrRepeatedOverTakeOvers() {
        for (long seed = SEED; seed < SEED + STORIES; seed++) {
            assertThat(new PairStory(seed, PairStory.Breach.NONE).run(4, 60))
                    .as("repeat with: mvn test -pl lan -am -Dtest=PairStoryTest -Dhartbeat.seed=%d", seed)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aBrokenRuleIsSeen(PairStory.Breach breach) {
        int seen = 0;
        for (long seed = SEED; seed < SEED + 30; seed++) {
            List<String> violations = new PairStory(seed, breach).run(4, 60);
            seen += violations.isEmpty() ? 0 : 1;
        }
        assertThat(seen).as("stories in which %s was seen", breach).isPositive();
    }
}
