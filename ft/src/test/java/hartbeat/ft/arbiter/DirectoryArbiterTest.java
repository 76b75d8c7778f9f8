package hartbeat.ft.arbiter;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.ft.arbiter.host.DirectoryArbiter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DirectoryArbiterTest {
    @TempDir
    Path directory;

    @Test
    void generationIsWonOnceAndTheLoserIsToldByWhom() {
        DirectoryArbiter arbiter = new DirectoryArbiter(directory);
        assertThat(arbiter.look()).isEqualTo(new Arbiter.Highest(0, ""));
        assertThat(arbiter.claim(new Arbiter.Claim(1, "a:1"))).isEqualTo(new Arbiter.Won(1));
        assertThat(arbiter.claim(new Arbiter.Claim(1, "b:2"))).isEqualTo(new Arbiter.Lost(1, "a:1"));
        assertThat(arbiter.claim(new Arbiter.Claim(2, "b:2"))).isEqualTo(new Arbiter.Won(2));
        assertThat(arbiter.claim(new Arbiter.Claim(1, "c:3"))).isEqualTo(new Arbiter.Lost(2, "b:2"));
        assertThat(arbiter.look()).isEqualTo(new Arbiter.Highest(2, "b:2"));
    }

    @Test
    void askingAgainAfterALostAnswerIsSafe() {
        DirectoryArbiter arbiter = new DirectoryArbiter(directory);
        arbiter.claim(new Arbiter.Claim(1, "a"));
        assertThat(arbiter.claim(new Arbiter.Claim(1, "a"))).isEqualTo(new Arbiter.Won(1));
    }

    @Test
    void manyThatClaimAtOnceHaveOneWinner() throws InterruptedException, ExecutionException {
        DirectoryArbiter arbiter = new DirectoryArbiter(directory);
        try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
            for (int generation = 1; generation <= 10; generation++) {
                List<Future<Arbiter.Answer>> answers = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    Arbiter.Claim claim = new Arbiter.Claim(generation, "claimant" + i);
                    answers.add(pool.submit(() -> arbiter.claim(claim)));
                }
                int won = 0;
                for (Future<Arbiter.Answer> answer : answers) {
                    won += answer.get() instanceof Arbiter.Won ? 1 : 0;
                }
                assertThat(won).isEqualTo(1);
            }
        }
    }

    @Test
    void missingDirectoryIsUnreachableAndAWrongOneTooFarBehind() throws IOException {
        assertThat(new DirectoryArbiter(directory.resolve("gone")).claim(new Arbiter.Claim(1, "a")))
                .isInstanceOfSatisfying(
                        Arbiter.Unreachable.class,
                        answer -> assertThat(answer.reason()).contains("no such directory"));
        assertThat(new DirectoryArbiter(directory).claim(new Arbiter.Claim(5, "a")))
                .isInstanceOfSatisfying(
                        Arbiter.Unreachable.class,
                        answer -> assertThat(answer.reason())
                                .contains("generation expected>=4, actual=0", "same directory"));
    }

    @Test
    void secretIsMadeOnce() throws IOException {
        byte[] secret = new DirectoryArbiter(directory).secret();
        assertThat(secret).hasSize(32).isEqualTo(new DirectoryArbiter(directory).secret());
        assertThat(Files.getPosixFilePermissions(directory.resolve("secret"))).hasSize(2);
    }

    @Test
    void claimIsRepeatedWhileTheArbiterCannotBeReached() {
        List<Arbiter.Question> asked = new ArrayList<>();
        Arbiter flaky = new Arbiter() {
            @Override
            public void ask(Question question) {
                asked.add(question);
            }

            @Override
            public Answer poll() {
                return asked.size() < 3 ? new Unreachable("down") : new Won(2);
            }
        };
        Arbitration arbitration = new Arbitration(flaky, "a");
        arbitration.claim(2);
        Arbiter.Answer answer = null;
        for (long now = 0; answer == null && now < 2_000_000_000L; now += 50_000_000) {
            answer = arbitration.poll(now);
        }
        assertThat(answer).isEqualTo(new Arbiter.Won(2));
        assertThat(asked).hasSize(3);
    }
}
