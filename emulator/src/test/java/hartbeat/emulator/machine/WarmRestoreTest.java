package hartbeat.emulator.machine;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.executor.RandomProgram;
import hartbeat.emulator.executor.translator.Translator;
import hartbeat.emulator.rig.Rig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A machine that has run already takes over states of several programs, in any order, and goes on as if it had run nothing else. */
class WarmRestoreTest {
    private static final int STOPS = 25;
    private static final int MOVES = 60;
    private static final long MEMORY_BYTES = 1 << 20;

    /** A program's course as the reference has it: the state at each stop, which was digested before it was saved or not. */
    private record Course(List<byte[]> states, List<Integer> counts, List<Boolean> digested) {}

    @Test
    void nothingThatWasCachedOutlivesItsState() {
        long first = Long.getLong("hartbeat.seed", 700);
        for (long seed = first; seed < first + Integer.getInteger("hartbeat.rounds", 40); seed++) {
            Random random = new Random(seed);
            int harts = 1 + random.nextInt(2);
            List<Course> courses = List.of(course(seed, harts), course(seed + 1_000_000, harts));
            try (Rig warm = warm(random, harts)) {
                warm.load(new RandomProgram(seed + 2_000_000).code());
                warm.run(random.nextInt(2000));
                for (int move = 0; move < MOVES; move++) {
                    follow(warm, courses.get(random.nextInt(2)), random, about(seed, move));
                }
            }
        }
    }

    private static String about(long seed, int move) {
        return "move %d; repeat with -Dhartbeat.rounds=1 -Dhartbeat.seed=%d".formatted(move, seed);
    }

    private static Rig warm(Random random, int harts) {
        if (random.nextInt(3) == 0) {
            return new Rig(Rig.Kind.BLOCK, harts, MEMORY_BYTES);
        }
        int codeBytes = random.nextInt(3) == 0 ? 340 << 10 : 1 << 20;
        return new Rig(
                new Translator.Options(codeBytes, random.nextInt(3), 1 + random.nextInt(8)), harts, MEMORY_BYTES);
    }

    private static Course course(long seed, int harts) {
        Random random = new Random(~seed);
        Course course = new Course(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        try (Rig rig = new Rig(Rig.Kind.STEP, harts, MEMORY_BYTES)) {
            rig.load(new RandomProgram(seed).code());
            rig.rate(random.nextLong(1L << 34));
            for (int stop = 0; stop < STOPS; stop++) {
                int count = random.nextInt(4) == 0 ? random.nextInt(8) : random.nextInt(900);
                boolean digest = random.nextInt(6) == 0;
                advance(rig, count, digest);
                course.states.add(rig.machine().save());
                course.counts.add(count);
                course.digested.add(digest);
            }
        }
        return course;
    }

    private static void advance(Rig rig, int count, boolean digest) {
        rig.run(count);
        if (digest) {
            rig.machine().digest();
        }
    }

    /** Takes over one of the states and compares those that follow. */
    private static void follow(Rig warm, Course course, Random random, String about) {
        int stop = random.nextInt(STOPS);
        warm.machine().restore(course.states.get(stop));
        assertThat(isAt(warm, course.states.get(stop))).as(about).isTrue();
        int last = Math.min(STOPS - 1, stop + random.nextInt(5));
        while (stop < last) {
            stop++;
            advance(warm, course.counts.get(stop), course.digested.get(stop));
            assertThat(isAt(warm, course.states.get(stop)))
                    .as(about + ", stop " + stop)
                    .isTrue();
        }
    }

    private static boolean isAt(Rig rig, byte[] state) {
        return Arrays.equals(rig.machine().save(), state);
    }
}
