package hartbeat.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.EvaluationResult;
import hartbeat.architecture.ArchitectureRules.Rule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The project keeps every rule of {@link ArchitectureRules}, and every rule finds the fixture that breaks it. */
class ArchitectureTest {
    private static final String FIXTURES = "hartbeat.architecture.fixture";
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/") && !location.contains("-tests.jar"))
            .importPackages("hartbeat");
    private static final JavaClasses BREACHES = new ClassFileImporter().importPackages(FIXTURES);

    static List<Rule> rules() {
        return new ArchitectureRules("hartbeat").all();
    }

    static List<Rule> rulesForFixtures() {
        return new ArchitectureRules(FIXTURES).all();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void projectKeeps(Rule rule) {
        rule.rule().check(OURS);
    }

    @ParameterizedTest
    @MethodSource("rulesForFixtures")
    void breachIsFound(Rule rule) {
        EvaluationResult result = rule.rule().evaluate(BREACHES);
        assertThat(result.getFailureReport().getDetails())
                .as("violations of: %s", rule)
                .isNotEmpty()
                .allMatch(detail -> detail.contains(rule.fixture()), "only by the fixture " + rule.fixture());
    }

    @Test
    void everyRoomIsSeen() {
        assertThat(List.of("emulator", "devices", "ft", "lan", "proof", "firmware", "guest", "tools"))
                .allSatisfy(room -> assertThat(OURS)
                        .as("classes of room %s", room)
                        .anyMatch(c -> c.getPackageName().startsWith("hartbeat." + room)));
    }
}
