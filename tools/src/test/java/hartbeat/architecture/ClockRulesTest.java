package hartbeat.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which clocks the processes of a pair read: a jump of the wall clock must reach nothing. */
final class ClockRulesTest {
    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/") && !location.contains("-tests.jar"))
            .importPackages("hartbeat");

    /** The guest's real-time clock is set from it once; seeds of the proof's commands are drawn from it. */
    private static ArchRule rule(String... besides) {
        return noClasses()
                .that(describe(
                        "are none of the exceptions",
                        (JavaClass one) -> !one.getPackageName().startsWith("hartbeat.bench")
                                && List.of(besides).stream().noneMatch(one.getFullName()::contains)))
                .should()
                .accessTargetWhere(describe("reads the wall clock", ClockRulesTest::readsWallClock));
    }

    private static boolean readsWallClock(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getFullName();
        return (owner.equals("java.lang.System") && access.getName().equals("currentTimeMillis"))
                || (owner.startsWith("java.time.") && access.getName().equals("now"))
                || owner.equals("java.util.Date")
                || owner.equals("java.time.Clock");
    }

    @Test
    void theWallClockIsReadInOnePlaceOfTheProduct() {
        rule("tools.compose.PlainMachine", "tools.cli.CampaignOptions").check(PRODUCT);
    }

    @Test
    void readingItElsewhereIsSeen() {
        JavaClasses broken = new ClassFileImporter().importClasses(Reader.class);
        assertThatThrownBy(() -> rule().check(broken)).isInstanceOf(AssertionError.class);
    }

    static final class Reader {
        static Instant now() {
            return Instant.now();
        }
    }
}
