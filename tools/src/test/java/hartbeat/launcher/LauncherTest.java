package hartbeat.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.launcher.LauncherRig.Result;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LauncherTest {
    @TempDir
    Path directory;

    private LauncherRig rig;

    @BeforeEach
    void makeTree() throws IOException {
        rig = new LauncherRig(directory);
        rig.maven("");
    }

    @Test
    void javaHomeComesFirst() throws Exception {
        rig.environment.put("JAVA_HOME", rig.jdk("mine", 26).toString());
        onPath(rig.jdk("on-path", 25));
        assertThat(jdkOf(rig.launch())).isEqualTo("mine");
    }

    @Test
    void pathComesBeforeTheFolderOfJdks() throws Exception {
        rig.environment.put("JAVA_HOME", rig.jdk("old", 17).toString());
        rig.jdk("a-25", 25);
        onPath(rig.jdk("on-path", 26));
        assertThat(jdkOf(rig.launch())).isEqualTo("on-path");
    }

    @Test
    void folderOfJdksGivesTheOldestThatWillDo() throws Exception {
        onPath(rig.jdk("a-17", 17));
        rig.jdk("b-26", 26);
        rig.jdk("c-25", 25);
        assertThat(jdkOf(rig.launch())).isEqualTo("c-25");
    }

    @Test
    void runtimeWithoutCompilerIsNoJdk() throws Exception {
        Files.delete(rig.jdk("a-25-jre", 25).resolve("bin/javac"));
        rig.jdk("b-25", 25);
        assertThat(jdkOf(rig.launch())).isEqualTo("b-25");
    }

    @Test
    void withoutJdkItSaysWhereToGetOne() throws Exception {
        Path old = rig.jdk("a-17", 17);
        Result result = rig.launch("run");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .contains(
                        "no JDK 25 or newer", "17 in " + old, "hint:", "openjdk-25-jdk", "temurin-25-jdk", "JAVA_HOME");
        assertThat(rig.mavenCalls()).isEmpty();
    }

    @Test
    void programTakesTheLaunchersPlace() throws Exception {
        rig.jdk("j", 25);
        Result result = rig.launch("run", "--append", "a  b", "", "*");
        assertThat(result.exitCode()).isEqualTo(7);
        assertThat(result.out().lines())
                .contains("pid " + result.pid(), "-Dhartbeat.root=" + rig.root)
                .endsWith("hartbeat.tools.Main", "run", "--append", "a  b", "", "*");
    }

    @Test
    void buildsOnceWhileNothingChanges() throws Exception {
        Path jdk = rig.jdk("j", 25);
        Result first = rig.launch();
        assertThat(first.err()).contains("building with " + jdk, "s] emulator");
        assertThat(rig.mavenCalls())
                .singleElement()
                .asString()
                .startsWith(jdk + " ")
                .contains("-Dmaven.test.skip");
        Files.setLastModifiedTime(rig.root.resolve("tools/src/main/java/A.java"), FileTime.fromMillis(0));
        assertThat(rig.launch().err()).isEmpty();
        assertThat(rig.mavenCalls()).hasSize(1);
    }

    @Test
    void buildsAgainWhenASourceOrPomChangesOrGoes() throws Exception {
        rig.jdk("j", 25);
        rig.launch();
        rig.write("tools/src/main/java/A.java", "class A { }");
        rig.launch();
        rig.write("pom.xml", "<project></project>");
        rig.launch();
        rig.write("tools/src/main/java/B.java", "class B {}");
        rig.launch();
        assertThat(rig.mavenCalls()).hasSize(4);
        Files.delete(rig.root.resolve("tools/src/main/java/B.java"));
        rig.launch();
        assertThat(rig.mavenCalls()).as("the state before B is still there").hasSize(4);
        rig.write("tools/src/test/java/ATest.java", "class ATest {}");
        rig.launch();
        assertThat(rig.mavenCalls()).as("a test is not in the jars").hasSize(4);
    }

    @Test
    void aRunningProgramKeepsItsJars() throws Exception {
        rig.jdk("j", 25);
        Path before = jarsOf(rig.launch());
        rig.write("tools/src/main/java/A.java", "class A { int changed; }");
        Path after = jarsOf(rig.launch());
        assertThat(before.resolve("emulator.jar")).hasContent("class A {}");
        assertThat(after.resolve("emulator.jar")).hasContent("class A { int changed; }");
        rig.environment.put("HARTBEAT_RUN", before.toString());
        assertThat(jarsOf(rig.launch("backup")))
                .as("what the program itself starts")
                .isEqualTo(before);
    }

    @Test
    void aFailedBuildIsOneMessageAndLeavesNothing() throws Exception {
        rig.jdk("j", 25);
        rig.maven("echo '[ERROR] A.java:[1,1] no'; exit 1");
        Result result = rig.launch();
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("[ERROR] A.java:[1,1] no", "the build failed; hint:", "target/build.log");
        assertThat(result.out()).isEmpty();
        try (Stream<Path> runs = Files.list(rig.root.resolve("target/run"))) {
            assertThat(runs).isEmpty();
        }
        rig.maven("");
        assertThat(rig.launch().exitCode()).isEqualTo(7);
    }

    @Test
    void twoLaunchesAtOnceBuildOnce() throws Exception {
        rig.jdk("j", 25);
        Path started = fifo("started");
        Path go = fifo("go");
        rig.maven("echo > '%s'; read -r < '%s'".formatted(started, go));
        Process first = rig.start();
        Files.readString(started);
        Process second = rig.start();
        BufferedReader secondsErr = new BufferedReader(new InputStreamReader(second.getErrorStream(), UTF_8));
        assertThat(secondsErr.readLine()).contains("another build is running");
        Files.writeString(go, "\n");
        assertThat(LauncherRig.finish(first).exitCode()).isEqualTo(7);
        assertThat(LauncherRig.finish(second).exitCode()).isEqualTo(7);
        assertThat(rig.mavenCalls()).hasSize(1);
    }

    @Test
    void withoutMavenAUserGetsOneLineToRun() throws Exception {
        rig.jdk("j", 25);
        Files.delete(rig.bin.resolve("mvn"));
        Result result = rig.launch();
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("sudo apt-get update && sudo apt-get install -y --no-install-recommends maven");
    }

    @Test
    void withoutMavenRootGetsItInstalledWithANotice() throws Exception {
        rig.jdk("j", 25);
        Files.move(rig.bin.resolve("mvn"), directory.resolve("mvn"));
        LauncherRig.script(rig.bin.resolve("id"), "echo 0");
        LauncherRig.script(
                rig.bin.resolve("apt-get"), "mv '%s' '%s'".formatted(directory.resolve("mvn"), rig.bin.resolve("mvn")));
        Result result = rig.launch();
        assertThat(result.err()).contains("installing for the build: maven");
        assertThat(result.exitCode()).isEqualTo(7);
    }

    @Test
    void demoAsksForWhatItRunsBesideItsOwnProcessesButItsHelpDoesNot() throws Exception {
        rig.jdk("j", 25);
        LauncherRig.script(rig.bin.resolve("dpkg-query"), "exit 1");
        Result refused = rig.launch("demo", "--unattended");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("for the demo").contains("e2fsprogs passt");
        assertThat(rig.launch("demo", "--help").exitCode()).isEqualTo(7);
    }

    @Test
    void rehearsesOnceForEachBuildAndThenStartsWarm() throws Exception {
        rig.rehearsing(rig.jdk("j", 25), "echo record > \"$aot\"");
        assertThat(rig.launch("log", "x").out())
                .as("a command that runs no machine")
                .doesNotContain("AOTCache");
        for (String[] line : new String[][] {
            {"run", "--help"}, {"run", "--dumpdtb", "x"}, {"run", "--dumpdtb=x"}, {"run", "-m", "1G", "--dumpdtb", "x"}
        }) {
            assertThat(rig.launch(line).err()).as(String.join(" ", line)).doesNotContain("rehears");
        }
        Result first = rig.launch("run");
        assertThat(first.err()).contains("rehearsing a start once");
        assertThat(first.exitCode()).isEqualTo(7);
        assertThat(first.out()).contains("-XX:AOTCache=" + jarsOf(first).resolve("aot"));
        assertThat(rig.rehearsals())
                .singleElement()
                .asString()
                .contains("hartbeat.tools.Rehearsal --kernel /cache/guest/Image", jarsOf(first) + "/emulator.jar:");
        assertThat(rig.launch("primary").err()).isEmpty();
        rig.write("pom.xml", "<project></project>");
        rig.launch("backup");
        assertThat(rig.rehearsals()).hasSize(2);
    }

    @Test
    void aFailedRehearsalIsToldOnceAndHindersNothing() throws Exception {
        rig.rehearsing(rig.jdk("j", 25), "echo part > \"$aot\"; exit 1");
        Result first = rig.launch("run");
        assertThat(first.err()).contains("the rehearsal failed (see ");
        assertThat(first.exitCode()).isEqualTo(7);
        assertThat(first.out()).doesNotContain("AOTCache");
        assertThat(rig.launch("run").err()).isEmpty();
        assertThat(rig.rehearsals()).hasSize(1);
    }

    @Test
    void benchmarksAreBuiltWhenTheyAreFirstAskedFor() throws Exception {
        rig.jdk("j", 25);
        rig.maven(
                "mkdir -p bench/target/lib; echo jmh > bench/target/lib/jmh.jar; echo b > bench/target/bench-1.0.jar");
        rig.launch();
        assertThat(rig.mavenCalls()).singleElement().asString().contains("-pl !bench,!fuzz package");
        Result result = rig.launch("bench", "jmh", "--help");
        assertThat(rig.mavenCalls()).hasSize(2).last().asString().contains("-pl bench -am package");
        assertThat(result.exitCode()).isEqualTo(7);
        assertThat(result.out().lines()).endsWith("hartbeat.bench.Main", "jmh", "--help");
        assertThat(result.out()).contains("/bench/*:").contains("emulator.jar");
        rig.launch("bench", "qemu", "--list");
        assertThat(rig.mavenCalls()).hasSize(2);
        Result refused = rig.launch("bench", "qemu");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("for the benchmarks").contains("qemu-system-misc");
    }

    @Test
    void whatFuzzingNeedsIsBuiltBeforeTheProofBegins() throws Exception {
        rig.jdk("j", 25);
        LauncherRig.script(rig.bin.resolve("dpkg-query"), "printf installed");
        rig.maven(
                "mkdir -p fuzz/target/lib; echo jazzer > fuzz/target/lib/jazzer.jar; echo f > fuzz/target/fuzz-1.0.jar");
        rig.launch("prove", "--help");
        rig.launch("prove", "--quick", "--only", "simulate");
        assertThat(rig.mavenCalls()).singleElement().asString().contains("-pl !bench,!fuzz package");
        Result result = rig.launch("prove", "--quick", "--only", "simulate,fuzz");
        assertThat(rig.mavenCalls()).hasSize(2).last().asString().contains("-pl fuzz -am package");
        assertThat(result.out().lines()).endsWith("hartbeat.tools.Main", "prove", "--quick", "--only", "simulate,fuzz");
        rig.launch("prove", "--quick");
        assertThat(rig.mavenCalls()).hasSize(2);
    }

    @Test
    void testCommandBuildsTheGuestAndGivesMavensExitCode() throws Exception {
        rig.jdk("j", 25);
        LauncherRig.script(rig.bin.resolve("dpkg-query"), "printf installed");
        rig.write("guest-images/linux/build", "");
        LauncherRig.script(
                rig.root.resolve("guest-images/linux/build"), "echo built >> '%s/mvn.calls'".formatted(rig.root));
        rig.maven("echo 'Tests run: 1'; exit 3");
        Result result = rig.launch("test", "-pl", "emulator");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.out()).contains("Tests run: 1");
        List<String> calls = rig.mavenCalls();
        assertThat(calls).hasSize(2);
        assertThat(calls.getFirst()).isEqualTo("built");
        assertThat(calls.getLast()).endsWith("verify -pl emulator");
    }

    @Test
    void testsEndWithTheProofUnlessTheyFailOrAreSomeOnly() throws Exception {
        rig.jdk("j", 25);
        LauncherRig.script(rig.bin.resolve("dpkg-query"), "printf installed");
        rig.write("guest-images/linux/build", "");
        LauncherRig.script(rig.root.resolve("guest-images/linux/build"), "case $* in --path) exit 1 ;; esac");
        rig.maven("mkdir -p fuzz/target/lib; echo f > fuzz/target/lib/f.jar; echo f > fuzz/target/fuzz-1.0.jar");
        Result result = rig.launch("test");
        assertThat(rig.mavenCalls().getFirst()).endsWith("verify");
        assertThat(result.out().lines()).endsWith("hartbeat.tools.Main", "prove", "--quick", "--seed", "1");
        assertThat(result.exitCode()).as("the proof's").isEqualTo(7);
        assertThat(rig.launch("test", "-pl", "emulator").out()).doesNotContain("prove");
        rig.maven("exit 3");
        result = rig.launch("test");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.out()).doesNotContain("prove");
    }

    @Test
    void helpOfWhatTheLauncherCarriesOutIsItsOwn() throws Exception {
        rig.jdk("j", 25);
        assertThat(rig.launch("help", "guest").out()).contains("guest disk FILE SIZE_MB");
        assertThat(rig.launch("help", "test").out()).contains("./hartbeat test [MAVEN OPTIONS]");
        assertThat(rig.launch("help", "run").out().lines()).endsWith("hartbeat.tools.Main", "help", "run");
    }

    @Test
    void guestCommandDelegatesToTheRecipe() throws Exception {
        rig.write("guest-images/linux/build", "");
        LauncherRig.script(rig.root.resolve("guest-images/linux/build"), "echo \"recipe $*\"; exit 1");
        assertThat(rig.launch("guest").out()).isEqualTo("recipe \n");
        assertThat(rig.launch("guest", "build").out()).isEqualTo("recipe \n");
        assertThat(rig.launch("guest", "path").out()).isEqualTo("recipe --path\n");
        assertThat(rig.launch("guest", "disk", "f", "8").out()).isEqualTo("recipe --disk f 8\n");
        assertThat(rig.launch("guest", "path").exitCode()).isEqualTo(1);
        assertThat(rig.launch("guest", "nonsense").exitCode()).isEqualTo(2);
    }

    private void onPath(Path jdk) throws IOException {
        Files.createSymbolicLink(rig.bin.resolve("javac"), jdk.resolve("bin/javac"));
    }

    private Path fifo(String name) throws IOException, InterruptedException {
        Path file = directory.resolve(name);
        assertThat(new ProcessBuilder(LauncherRig.onHost("mkfifo").toString(), file.toString())
                        .start()
                        .waitFor())
                .isZero();
        return file;
    }

    private static String jdkOf(Result result) {
        return Path.of(first(result, "java "))
                .getParent()
                .getParent()
                .getFileName()
                .toString();
    }

    private static Path jarsOf(Result result) {
        List<String> lines = result.out().lines().toList();
        return Path.of(lines.get(lines.indexOf("-cp") + 1).split(":", 2)[0]).getParent();
    }

    private static String first(Result result, String prefix) {
        return result.out()
                .lines()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no line '%s' in %s".formatted(prefix, result)));
    }
}
