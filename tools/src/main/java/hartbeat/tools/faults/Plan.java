package hartbeat.tools.faults;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What befalls one pair.
 *
 * @param passing while it is protected, in order
 * @param ending what takes one side away, or null for none
 * @param after when one side is alone, in order
 */
record Plan(List<Kind> passing, @Nullable Kind ending, List<Kind> after) {
    /** What a life's draws come from. Lives have consecutive seeds, whose first numbers {@link java.util.Random} leaves nearly equal. */
    static RandomGenerator random(long seed) {
        return new SplittableRandom(seed);
    }

    /** Draws one. @param only kinds to choose from */
    static Plan draw(RandomGenerator random, Set<Kind> only, Guest guest) {
        List<Kind> passes = Arrays.stream(Kind.values())
                .filter(only::contains)
                .filter(guest::takes)
                .filter(Kind::passes)
                .toList();
        List<Kind> ends = Arrays.stream(Kind.values())
                .filter(only::contains)
                .filter(guest::takes)
                .filter(kind -> !kind.passes())
                .toList();
        List<Kind> single = passes.stream().filter(Kind::fitsSingle).toList();
        Kind ending = ends.isEmpty() ? null : ends.get(random.nextInt(ends.size()));
        // What begins before the guest's first write leaves no room for anything before it.
        List<Kind> passing = ending == Kind.FULL_PRIMARY ? List.of() : some(random, passes, guest.mostPassing());
        return new Plan(passing, ending, ending == null ? List.of() : some(random, single, 2));
    }

    private static List<Kind> some(RandomGenerator random, List<Kind> from, int most) {
        List<Kind> chosen = new ArrayList<>();
        int count = from.isEmpty() ? 0 : 1 + random.nextInt(most);
        while (chosen.size() < count) {
            chosen.add(from.get(random.nextInt(from.size())));
        }
        return chosen;
    }

    /** Whether a switch is lost on the way, and with it what it knew. */
    boolean losesSwitch() {
        return passing.contains(Kind.KILL_SWITCH) || after.contains(Kind.KILL_SWITCH);
    }

    /** Whether a side's disk fails, so that its copy is none. */
    boolean failsDisk() {
        return ending == Kind.FULL_PRIMARY;
    }
}
