package hartbeat.ft.arbiter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The directory's protocol, operation by operation, on a directory in memory that can stop working anywhere. */
final class GenerationsTest {
    private static final int STEPS = 8;

    /** Names, of which two can be of one file; nothing is on stable storage but contents, and names once they are synced. */
    private static final class Directory implements SharedDirectory {
        final Map<String, StringBuilder> names = new TreeMap<>();
        Map<String, StringBuilder> stable = new TreeMap<>();
        boolean tears;
        boolean broken;
        boolean silent;

        private void operate() throws IOException {
            if (broken) {
                throw new IOException("no such directory");
            }
        }

        private void done() throws IOException {
            if (silent) {
                throw new IOException("no answer");
            }
        }

        @Override
        public List<String> names() throws IOException {
            operate();
            return new ArrayList<>(names.keySet());
        }

        @Override
        public String read(String name) throws IOException {
            operate();
            StringBuilder content = names.get(name);
            if (content == null) {
                throw new IOException("no file " + name);
            }
            return content.toString().strip();
        }

        @Override
        public void write(String name, String content) throws IOException {
            operate();
            StringBuilder file = names.computeIfAbsent(name, _ -> new StringBuilder());
            file.setLength(0);
            if (!tears) {
                file.append(content);
            }
            done();
        }

        @Override
        public void link(String existing, String name) throws IOException {
            operate();
            names.putIfAbsent(name, names.get(existing));
            done();
        }

        @Override
        public void sync() throws IOException {
            operate();
            stable = new TreeMap<>(names);
            done();
        }

        @Override
        public void remove(String name) throws IOException {
            operate();
            names.remove(name);
        }

        /** The storage's host starts anew: names that were not synced are gone. */
        void crash() {
            names.clear();
            names.putAll(stable);
        }
    }

    private static Generations claim(Directory directory, long generation, String who) {
        return new Generations(directory, "dir:test", new Arbiter.Claim(generation, who));
    }

    private static Arbiter.@Nullable Answer steps(Generations asked, int count) {
        Arbiter.Answer answer = null;
        for (int i = 0; i < count && answer == null; i++) {
            answer = asked.step();
        }
        return answer;
    }

    private static Arbiter.@Nullable Answer rest(Generations asked) {
        return steps(asked, STEPS);
    }

    private static Directory after(long generation) {
        Directory directory = new Directory();
        for (long number = 1; number <= generation; number++) {
            assertThat(rest(claim(directory, number, "start"))).isEqualTo(new Arbiter.Won(number));
        }
        return directory;
    }

    /** One claims up to some operation, then the other wholly, then the first goes on. */
    @Test
    void oneWinsHoweverTwoClaimsInterleave() {
        for (int first = 0; first <= STEPS; first++) {
            for (int second = 0; second <= STEPS; second++) {
                Directory directory = after(1);
                Generations a = claim(directory, 2, "a");
                Generations b = claim(directory, 2, "b");
                Arbiter.Answer ofA = steps(a, first);
                Arbiter.Answer ofB = steps(b, second);
                ofA = ofA == null ? rest(a) : ofA;
                ofB = ofB == null ? rest(b) : ofB;
                assertThat(List.of(ofA, ofB))
                        .as("%d and %d operations", first, second)
                        .containsAnyOf(new Arbiter.Won(2))
                        .anyMatch(Arbiter.Lost.class::isInstance);
            }
        }
    }

    /** The storage or the claimant breaks down at any operation, in its midst too; then the same claimant asks again, or another. */
    @Test
    void whateverIsLeftOfAClaimTheNextIsAnswered() {
        for (int after = 0; after <= STEPS; after++) {
            for (boolean torn : new boolean[] {false, true}) {
                for (String next : List.of("a", "b")) {
                    Directory directory = after(1);
                    Generations broken = claim(directory, 2, "a");
                    Arbiter.Answer answer = steps(broken, after);
                    directory.tears = torn;
                    steps(broken, torn ? 1 : 0);
                    directory.tears = false;
                    String holder = answer instanceof Arbiter.Won ? "a" : null;
                    Arbiter.Answer again = rest(claim(directory, 2, next));
                    assertThat(again).as("%d operations", after).isInstanceOfAny(Arbiter.Won.class, Arbiter.Lost.class);
                    assertThat(again instanceof Arbiter.Won)
                            .isEqualTo(next.equals(directory
                                    .names
                                    .get("generation-2")
                                    .toString()
                                    .strip()));
                    if (holder != null) {
                        assertThat(directory
                                        .names
                                        .get("generation-2")
                                        .toString()
                                        .strip())
                                .isEqualTo(holder);
                    }
                }
            }
        }
    }

    /**
     * The link was made, its answer and the clearing up were lost; the claimant asks again and dies as it writes: the generation
     * that it holds by then must keep its holder's name.
     */
    @Test
    void claimThatIsRepeatedNeverEmptiesTheGeneration() {
        for (int lostFrom = 0; lostFrom <= STEPS; lostFrom++) {
            for (int tornAt = 0; tornAt <= STEPS; tornAt++) {
                for (long again = 2; again <= 3; again++) {
                    Directory directory = after(1);
                    Generations first = claim(directory, 2, "a");
                    steps(first, lostFrom);
                    directory.silent = true;
                    steps(first, 1);
                    directory.broken = true;
                    rest(first);
                    directory.silent = false;
                    directory.broken = false;
                    Generations second = claim(directory, again, "a");
                    steps(second, tornAt);
                    directory.tears = true;
                    steps(second, 1);
                    directory.tears = false;
                    directory.names.forEach((name, content) -> {
                        if (name.startsWith("generation-")) {
                            assertThat(content.toString()).as(name).isNotBlank();
                        }
                    });
                }
            }
        }
    }

    /** What somebody was told must hold when the storage's host comes back. */
    @Test
    void answersOutliveACrashOfTheStorage() {
        for (int first = 0; first <= STEPS; first++) {
            Directory directory = after(1);
            Generations a = claim(directory, 2, "a");
            Arbiter.Answer ofA = steps(a, first);
            List<Arbiter.Answer> told = new ArrayList<>();
            told.add(rest(new Generations(directory, "dir:test", new Arbiter.Look())));
            told.add(rest(claim(directory, 1, "b")));
            directory.crash();
            String holder = directory.names.containsKey("generation-2") ? "a" : "start";
            long highest = holder.equals("a") ? 2 : 1;
            assertThat(told)
                    .as("%d operations", first)
                    .containsExactly(new Arbiter.Highest(highest, holder), new Arbiter.Lost(highest, holder));
            if (ofA instanceof Arbiter.Won) {
                assertThat(highest).isEqualTo(2);
            }
        }
    }
}
