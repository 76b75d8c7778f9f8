package hartbeat.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.util.List;
import java.util.Set;

/**
 * The rules of DESIGN 3 as ArchUnit rules, for the project's classes or, with another root package, for the fixtures that break
 * them.
 */
final class ArchitectureRules {
    /** A rule and the simple name of the fixture that breaks it. */
    record Rule(String fixture, ArchRule rule) {
        @Override
        public String toString() {
            return rule.getDescription();
        }
    }

    private static final Set<String> TRANSCENDENTALS = Set.of(
            "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "exp", "expm1", "log",
            "log10", "log1p", "pow", "cbrt", "hypot");
    private static final Set<String> UNORDERED_FACTORIES = Set.of("of", "ofEntries", "copyOf");
    private static final Set<String> UNORDERED_COLLECTORS =
            Set.of("toSet", "toMap", "toUnmodifiableSet", "toUnmodifiableMap", "groupingBy", "partitioningBy");

    private final String root;

    ArchitectureRules(String root) {
        this.root = root;
    }

    List<Rule> all() {
        return List.of(
                emulatorImportsNothingOfOurs(),
                devicesImportEmulatorOnly(),
                ftImportsEmulatorOnly(),
                lanImportsDevicesOnly(),
                proofKnowsNoTools(),
                imagesImportNothingOfOurs(),
                nothingImportsBench(),
                frontEndsDoNotKnowBackEnds(),
                ftLogicDoesNotKnowItsEdges(),
                backEndsNeverSeeGuestMemory(),
                noHostTime(),
                noThreads(),
                noSynchronizedMethods(),
                noSockets(),
                noFiles(),
                noRandomness(),
                noIdentity(),
                noHashOrder(),
                noTranscendentals(),
                noParallelStreams(),
                noEnvironment());
    }

    private Rule emulatorImportsNothingOfOurs() {
        return imports(
                "UsesDevices",
                "emulator",
                List.of("emulator"),
                "the machine is a pure state machine that stands alone");
    }

    private Rule devicesImportEmulatorOnly() {
        return imports("UsesFt", "devices", List.of("emulator", "devices"), "devices and ft never import each other");
    }

    private Rule ftImportsEmulatorOnly() {
        return imports("UsesDevices", "ft", List.of("emulator", "ft"), "devices and ft never import each other");
    }

    private Rule lanImportsDevicesOnly() {
        return imports(
                "UsesFt",
                "lan",
                List.of("emulator", "devices", "lan"),
                "the switch is a step machine that knows its links and nothing of roles");
    }

    private Rule proofKnowsNoTools() {
        return imports(
                "UsesTools",
                "proof",
                List.of("emulator", "devices", "ft", "lan", "guest", "proof"),
                "a simulation puts the product's parts together by itself; the command line is not one of them");
    }

    private Rule imagesImportNothingOfOurs() {
        ArchRule rule = noClasses()
                .that()
                .resideInAnyPackage(in("firmware"), in("guest"))
                .should()
                .dependOnClassesThat(ours().and(describe(
                        "are not of firmware or guest",
                        c -> !resideInAnyPackage(in("firmware"), in("guest")).test(c))))
                .because("images are made of sources and resources, and every other room tests with them");
        return new Rule("UsesEmulator", rule);
    }

    private Rule nothingImportsBench() {
        ArchRule rule = noClasses()
                .that(ours().and(DescribedPredicate.not(resideInAnyPackage(in("bench"), in("fuzz")))))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(in("bench"), in("fuzz"))
                .because("what is measured is the program as it is, without a hook made for measuring");
        return new Rule("UsesBench", rule);
    }

    private Rule frontEndsDoNotKnowBackEnds() {
        ArchRule rule = noClasses()
                .that(resideInAPackage(in("devices")).and(notAtTheEdge()))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(in("devices.host"))
                .because("a front-end is part of the machine: it speaks in Outputs and Inputs and knows no host");
        return new Rule("UsesBackEnd", rule);
    }

    private Rule ftLogicDoesNotKnowItsEdges() {
        ArchRule rule = noClasses()
                .that(resideInAPackage(in("ft")).and(notAtTheEdge()))
                .should()
                .dependOnClassesThat(resideInAPackage(in("ft")).and(resideInAPackage("..host..")))
                .because(
                        "logic is handed its time and its peers, so that a whole pair runs in one thread on simulated time");
        return new Rule("UsesEdge", rule);
    }

    private Rule backEndsNeverSeeGuestMemory() {
        ArchRule rule = noClasses()
                .that()
                .resideInAPackage(in("devices.host"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(in("emulator.memory"))
                .because("data for guest memory waits in a hypervisor buffer until its input is applied at an icount");
        return new Rule("SeesGuestMemory", rule);
    }

    private Rule noHostTime() {
        return accesses(
                "HostTime",
                "host time",
                access -> isOneOf(access, System.class, "nanoTime", "currentTimeMillis")
                        || ownerIs(access, "java.time.Clock", "java.util.Date", "java.util.Calendar")
                        || (ownerName(access).startsWith("java.time.")
                                && access.getName().equals("now")),
                "time enters the machine as a TimeSample, and ft as an argument");
    }

    private Rule noThreads() {
        return dependencies(
                "Threads",
                "threads, locks or processes",
                c -> (c.getPackageName().startsWith("java.util.concurrent")
                                && !c.getFullName().equals("java.util.concurrent.TimeUnit"))
                        || c.isAssignableTo(Thread.class)
                        || c.isAssignableTo(ThreadLocal.class)
                        || c.isAssignableTo(Process.class)
                        || c.isAssignableTo(ProcessHandle.class)
                        || c.isEquivalentTo(ProcessBuilder.class)
                        || c.getFullName().equals("java.util.Timer"),
                "the order in which host threads run is not in the log; threads live at the edges");
    }

    private Rule noSynchronizedMethods() {
        ArchRule rule = methods()
                .that()
                .areDeclaredInClassesThat(logic())
                .should()
                .notHaveModifier(JavaModifier.SYNCHRONIZED)
                .because("one thread owns the machine, and one thread owns each part of ft");
        return new Rule("Synchronized", rule);
    }

    private Rule noSockets() {
        return dependencies(
                "Sockets",
                "sockets or channels",
                c -> c.getPackageName().startsWith("java.net")
                        || c.getPackageName().startsWith("java.nio.channels"),
                "the host's network is reached by Outputs and Inputs alone");
    }

    private Rule noFiles() {
        Set<String> files = Set.of(
                "java.io.File",
                "java.io.FileInputStream",
                "java.io.FileOutputStream",
                "java.io.FileReader",
                "java.io.FileWriter",
                "java.io.RandomAccessFile");
        return dependencies(
                "OpensFiles",
                "files",
                c -> files.contains(c.getFullName()) || c.getPackageName().startsWith("java.nio.file"),
                "what a file holds is not in the log");
    }

    private Rule noRandomness() {
        return accesses(
                "Randomness",
                "randomness",
                access -> access.getTargetOwner().isAssignableTo("java.util.random.RandomGenerator")
                        || isOneOf(access, Math.class, "random")
                        || ownerIs(access, "java.util.random.RandomGeneratorFactory")
                        || (ownerIs(access, "java.util.UUID")
                                && access.getName().equals("randomUUID")),
                "entropy enters the machine as an Input");
    }

    private Rule noIdentity() {
        return accesses(
                "Identity",
                "identity hashes",
                access -> isOneOf(access, System.class, "identityHashCode")
                        || (access.getName().equals("hashCode")
                                && (ownerIs(access, "java.lang.Object", "java.lang.Enum")
                                        || access.getTargetOwner().isArray()))
                        || ownerIs(access, "java.util.IdentityHashMap", "java.util.WeakHashMap"),
                "an identity hash differs from one JVM to the next");
    }

    private Rule noHashOrder() {
        return accesses(
                "HashOrder",
                "collections without an order",
                access -> ownerIs(access, "java.util.HashMap", "java.util.HashSet", "java.util.Hashtable")
                        || (ownerIs(access, "java.util.Set", "java.util.Map")
                                && UNORDERED_FACTORIES.contains(access.getName()))
                        || (ownerIs(access, "java.util.stream.Collectors")
                                && UNORDERED_COLLECTORS.contains(access.getName())),
                "the order of a hash differs from one JVM to the next; use arrays, EnumMap, TreeMap or LinkedHashMap");
    }

    private Rule noTranscendentals() {
        return accesses(
                "Transcendentals",
                "Math's transcendental functions",
                access -> ownerIs(access, "java.lang.Math") && TRANSCENDENTALS.contains(access.getName()),
                "their last bit is left to the JVM; StrictMath's is not");
    }

    private Rule noParallelStreams() {
        return accesses(
                "ParallelStreams",
                "parallel streams",
                access -> access.getName().startsWith("parallel")
                        && ownerName(access).startsWith("java.util."),
                "their order of evaluation is left to the host");
    }

    private Rule noEnvironment() {
        return accesses(
                "Environment",
                "the host's environment",
                access -> isOneOf(
                                access,
                                System.class,
                                "getenv",
                                "getProperty",
                                "getProperties",
                                "in",
                                "out",
                                "err",
                                "console")
                        || ownerIs(access, "java.lang.Runtime")
                        || isOneOf(access, Integer.class, "getInteger")
                        || isOneOf(access, Long.class, "getLong")
                        || isOneOf(access, Boolean.class, "getBoolean"),
                "two hosts differ in it; what the machine must know stands in its configuration");
    }

    /** Classes of {@code room} import none of ours but those of {@code rooms}. */
    private Rule imports(String fixture, String room, List<String> rooms, String reason) {
        String[] allowed = rooms.stream().map(this::in).toArray(String[]::new);
        ArchRule rule = noClasses()
                .that()
                .resideInAPackage(in(room))
                .should()
                .dependOnClassesThat(ours().and(DescribedPredicate.not(resideInAnyPackage(allowed))))
                .because(reason);
        return new Rule(room + "." + fixture, rule);
    }

    private Rule accesses(String fixture, String what, Test<JavaAccess<?>> forbidden, String reason) {
        ArchRule rule = noLogic()
                .should()
                .accessTargetWhere(describe("reaches for " + what, forbidden::test))
                .because(reason);
        return new Rule(fixture, rule);
    }

    private Rule dependencies(String fixture, String what, Test<JavaClass> forbidden, String reason) {
        ArchRule rule = noLogic()
                .should()
                .dependOnClassesThat(describe("are " + what, forbidden::test))
                .because(reason);
        return new Rule(fixture, rule);
    }

    /** What a rule forbids; ArchUnit describes it by the words beside it. */
    private interface Test<T> {
        boolean test(T value);
    }

    private GivenClassesConjunction noLogic() {
        return noClasses().that(logic());
    }

    /** The machine, the switch, the logic of ft, and simulations of them: all that must run the same way twice. */
    private DescribedPredicate<JavaClass> logic() {
        return resideInAnyPackage(in("emulator"), in("devices"), in("ft"), in("lan"), in("proof"))
                .and(notAtTheEdge())
                .as("are of the machine, of the switch, of ft's logic or of a simulation");
    }

    private static DescribedPredicate<JavaClass> notAtTheEdge() {
        return DescribedPredicate.not(resideInAPackage("..host.."));
    }

    private DescribedPredicate<JavaClass> ours() {
        return resideInAPackage(root + "..").as("are ours");
    }

    private String in(String room) {
        return root + "." + room + "..";
    }

    private static boolean isOneOf(JavaAccess<?> access, Class<?> owner, String... names) {
        return access.getTargetOwner().isEquivalentTo(owner) && List.of(names).contains(access.getName());
    }

    private static boolean ownerIs(JavaAccess<?> access, String... names) {
        return List.of(names).contains(ownerName(access));
    }

    private static String ownerName(JavaAccess<?> access) {
        return access.getTargetOwner().getFullName();
    }
}
