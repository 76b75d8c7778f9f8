package hartbeat.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** A line that is read directly has the effect that it has when picocli reads it; all others are left to picocli. */
final class DirectLineTest {
    private static final Map<String, Class<?>> COMMANDS =
            Map.of("run", RunCommand.class, "primary", PrimaryCommand.class, "backup", BackupCommand.class);

    private static final Map<String, List<String>> REQUIRED = Map.of(
            "run", List.of(),
            "primary", List.of("--listen", "host:1", "--arbiter", "dir:a"),
            "backup", List.of("--connect", "host:1", "--arbiter", "dir:a"));

    /** What ends before a machine runs, or is rare. */
    private static final Set<String> LEFT_TO_PICOCLI =
            Set.of("--help", "--debug", "--replay", "--dumpdtb", "--disk-mode");

    static Stream<List<String>> everyOption() {
        List<List<String>> lines = new ArrayList<>();
        COMMANDS.forEach((name, type) -> {
            lines.add(line(name, List.of()));
            if (!name.equals("backup")) {
                lines.add(line(name, List.of("--no-rng")));
            }
            for (OptionSpec option : new CommandLine(type).getCommandSpec().options()) {
                if (!LEFT_TO_PICOCLI.contains(option.longestName())) {
                    lines.add(line(name, words(option)));
                }
            }
        });
        return lines.stream();
    }

    private static List<String> words(OptionSpec option) {
        if (option.arity().max() == 0) {
            return List.of(option.longestName());
        }
        boolean number = option.type() == int.class || option.type() == long.class;
        return List.of(option.longestName(), number ? "37" : "dir:some,text=x");
    }

    private static List<String> line(String command, List<String> option) {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(option);
        List<String> required = REQUIRED.get(command);
        for (int i = 0; i < required.size(); i += 2) {
            if (option.isEmpty() || !option.getFirst().equals(required.get(i))) {
                words.addAll(required.subList(i, i + 2));
            }
        }
        return words;
    }

    @ParameterizedTest
    @MethodSource("everyOption")
    void directAndDescribedAreTheSame(List<String> line) throws Exception {
        Callable<Integer> direct = DirectLine.read(line.toArray(String[]::new));
        assertThat(direct).as("read directly").isNotNull();
        Object described =
                COMMANDS.get(line.getFirst()).getDeclaredConstructor().newInstance();
        new CommandLine(described)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .parseArgs(line.subList(1, line.size()).toArray(String[]::new));
        assertThat(direct).usingRecursiveComparison().ignoringFields("spec").isEqualTo(described);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "help run",
                "--debug run",
                "run --help",
                "run --debug",
                "run --bogus",
                "run image",
                "run --kernel",
                "run --kernel --initrd x",
                "run --kernel a --kernel b",
                "run --kernel=a",
                "run --smp none",
                "run --append @file",
                "run --replay a.log",
                "run --no-rng=false",
                "primary --listen a:1",
                "primary --arbiter dir:a",
                "backup --connect a:1",
                "backup --arbiter dir:a",
                "switch --listen unix:a"
            })
    void whatIsNotOrdinaryIsLeftToPicocli(String line) {
        String[] words = line.isEmpty() ? new String[0] : line.split(" ");
        assertThat(DirectLine.read(words)).as(Arrays.toString(words)).isNull();
    }
}
