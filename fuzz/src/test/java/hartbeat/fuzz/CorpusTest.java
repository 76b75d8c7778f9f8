package hartbeat.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every input that was ever found, every good one, and some that differ from good ones, without Jazzer. */
final class CorpusTest {
    private static final Path CORPUS = Path.of(System.getProperty("hartbeat.root"), "fuzz", "corpus");
    private static final int CHANGED = 300;

    static List<String> names() {
        return Targets.all().stream().map(Target::name).toList();
    }

    private static Target target(String name) {
        return Targets.named(name).orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("names")
    void whatWasFoundIsMended(String name) throws IOException {
        Path directory = CORPUS.resolve(name);
        if (Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.sorted().toList()) {
                    byte[] input = Files.readAllBytes(file);
                    assertThatCode(() -> target(name).test(input))
                            .as(
                                    "./hartbeat fuzz %s --input %s",
                                    name, CORPUS.getParent().getParent().relativize(file))
                            .doesNotThrowAnyException();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void goodInputsAndTheirLikesAreRead(String name) {
        List<byte[]> seeds = target(name).seeds();
        assertThat(seeds).isNotEmpty();
        Random random = new Random(1);
        for (int i = 0; i < CHANGED; i++) {
            byte[] input = seeds.get(i % seeds.size()).clone();
            int changes = i < seeds.size() ? 0 : 1 + random.nextInt(4);
            for (int change = 0; change < changes; change++) {
                input[random.nextInt(input.length)] = (byte) random.nextInt();
            }
            assertThatCode(() -> target(name).test(input))
                    .as("%s, input %s", name, HexFormat.of().formatHex(input))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void corpusHasADirectoryForTargetsOnly() throws IOException {
        try (Stream<Path> directories = Files.list(CORPUS)) {
            assertThat(directories.map(path -> path.getFileName().toString())).allMatch(names()::contains);
        }
    }
}
