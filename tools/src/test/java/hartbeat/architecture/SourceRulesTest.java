package hartbeat.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules on the text of our sources, which no class file shows. */
class SourceRulesTest {
    private static final int MAX_LINES = 600;
    private static final Path ROOT = Path.of(System.getProperty("hartbeat.root"));
    private static final Pattern SOURCE =
            Pattern.compile(".*\\.(java|c|h|S|ld|sh|config)|.*/build|hartbeat|.*/recipe/[a-z-]+");

    /** Files that may be longer, each with its reason: dispatch tables and generated code. */
    private static final Map<String, String> LONGER = new TreeMap<>(Map.of());

    /** What must not stand in any source; the words are put together here so that this file does not hold them. */
    private static final List<Pattern> FORBIDDEN = List.of(
            Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b"),
            Pattern.compile("@Dis" + "abled|\\bassume(True|False|That)\\("),
            Pattern.compile("(?<![\\w/.])/(work|root|home/\\w+)/\\w"));

    private static final Pattern SLEEP =
            Pattern.compile("Thread\\.sl" + "eep|TimeUnit\\.\\w+\\.sl" + "eep|Repeated" + "Test");

    @Test
    void filesAreShort() throws IOException {
        assertThat(sources().filter(file -> !LONGER.containsKey(file)).map(file -> tooLong(file, read(file))))
                .allMatch(String::isEmpty);
    }

    @Test
    void everyExemptFileIsStillLong() {
        assertThat(LONGER.keySet())
                .allSatisfy(file -> assertThat(tooLong(file, read(file))).isNotEmpty());
    }

    @Test
    void nothingForbiddenStandsInASource() throws IOException {
        assertThat(sources().flatMap(file -> forbidden(file, read(file)).stream()))
                .isEmpty();
    }

    @Test
    void everyPackageSaysItsRule() throws IOException {
        List<String> silent = new ArrayList<>();
        for (String file :
                sources().filter(name -> name.contains("/src/main/java/")).toList()) {
            Path packageInfo = ROOT.resolve(file).resolveSibling("package-info.java");
            if (!Files.exists(packageInfo) || !Files.readString(packageInfo).contains("@NullMarked")) {
                silent.add(file);
            }
        }
        assertThat(silent)
                .as("sources whose package has no package-info.java with @NullMarked")
                .isEmpty();
    }

    @Test
    void aLongFileIsFound() {
        assertThat(tooLong("a", "x\n".repeat(MAX_LINES))).isEmpty();
        assertThat(tooLong("a", "x\n".repeat(MAX_LINES + 1))).contains("expected=<=600", "actual=601");
    }

    @Test
    void forbiddenTextIsFound() {
        assertThat(forbidden("A.java", "a\n// TO" + "DO later\n"))
                .singleElement()
                .asString()
                .startsWith("A.java:2");
        assertThat(forbidden("ATest.java", "@Dis" + "abled")).hasSize(1);
        assertThat(forbidden("A.java", "Path.of(\"/wo" + "rk/main\")")).hasSize(1);
        assertThat(forbidden("src/test/java/ATest.java", "Thread.sl" + "eep(1)"))
                .hasSize(1);
        assertThat(forbidden("src/main/java/A.java", "Thread.sl" + "eep(1)")).isEmpty();
    }

    private static String tooLong(String file, String text) {
        long lines = text.lines().count();
        return lines <= MAX_LINES ? "" : "%s: lines: expected=<=%d, actual=%d".formatted(file, MAX_LINES, lines);
    }

    private static List<String> forbidden(String file, String text) {
        List<String> found = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            boolean sleeps = file.contains("src/test/") && SLEEP.matcher(line).find();
            if (sleeps
                    || FORBIDDEN.stream()
                            .anyMatch(pattern -> pattern.matcher(line).find())) {
                found.add("%s:%d: %s".formatted(file, i + 1, line.strip()));
            }
        }
        return found;
    }

    /** Paths of our sources relative to the root, in order; build output is none. */
    private static Stream<String> sources() throws IOException {
        List<String> files = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(ROOT)) {
            walk.filter(Files::isRegularFile)
                    .map(path -> ROOT.relativize(path).toString())
                    .filter(name -> !name.startsWith(".") && !name.contains("target/"))
                    .filter(name -> SOURCE.matcher(name).matches())
                    .sorted()
                    .forEach(files::add);
        }
        assertThat(files).contains("hartbeat", "tools/src/main/java/hartbeat/tools/package-info.java");
        return files.stream();
    }

    private static String read(String file) {
        try {
            return Files.readString(ROOT.resolve(file));
        } catch (IOException e) {
            throw new AssertionError(file, e);
        }
    }
}
