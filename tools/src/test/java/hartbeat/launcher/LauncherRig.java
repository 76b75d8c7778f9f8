package hartbeat.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A tree with the launcher, a source, and stand-ins for everything that the launcher calls. */
final class LauncherRig {
    /** What a launch printed, and how it ended. */
    record Result(int exitCode, String out, String err, long pid) {}

    private static final List<String> HOST_TOOLS = List.of(
            "bash",
            "cat",
            "chmod",
            "cp",
            "cut",
            "dirname",
            "find",
            "flock",
            "grep",
            "mkdir",
            "mktemp",
            "mv",
            "readlink",
            "rm",
            "sed",
            "sha256sum",
            "sort",
            "tail",
            "tee",
            "timeout",
            "touch",
            "xargs");

    final Path root;
    final Path jdks;
    final Path bin;
    final Map<String, String> environment = new TreeMap<>();

    LauncherRig(Path directory) throws IOException {
        root = Files.createDirectories(directory.resolve("a tree"));
        jdks = Files.createDirectories(directory.resolve("jvm"));
        bin = Files.createDirectories(directory.resolve("bin"));
        for (String tool : HOST_TOOLS) {
            script(bin.resolve(tool), "exec %s \"$@\"".formatted(onHost(tool)));
        }
        Files.copy(Path.of(System.getProperty("hartbeat.root"), "hartbeat"), root.resolve("hartbeat"));
        write("pom.xml", "<project/>");
        write(".mvn/jvm.config", "");
        write("tools/pom.xml", "<project/>");
        write("tools/src/main/java/A.java", "class A {}");
        script(bin.resolve("id"), "echo 1000");
        script(bin.resolve("dpkg-query"), "exit 1");
        environment.put("HARTBEAT_JDK_DIRS", jdks.toString());
    }

    void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    /** A JDK whose java prints its own path and process id, then its arguments, one a line, and exits with 7. */
    Path jdk(String name, int version) throws IOException {
        Path home = jdks.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"%d.0.1\"%n".formatted(version));
        script(home.resolve("bin/java"), "printf '%s\\n' \"java $0\" \"pid $$\" \"$@\"; exit 7");
        script(home.resolve("bin/javac"), "echo javac %d.0.1".formatted(version));
        return home;
    }

    /** A guest that is built, and a JDK whose java does {@code rehearsal} when it is to record one; {@code $aot} is the file to make. */
    void rehearsing(Path jdk, String rehearsal) throws IOException {
        write("guest-images/linux/build", "");
        script(root.resolve("guest-images/linux/build"), "echo /cache/guest");
        script(jdk.resolve("bin/java"), """
                for word; do
                    case $word in -XX:AOTCacheOutput=*)
                        echo "$*" >> rehearsals
                        aot=${word#*=}
                        %s
                        exit ;;
                    esac
                done
                printf '%%s\\n' "$@"; exit 7
                """.formatted(rehearsal));
    }

    List<String> rehearsals() throws IOException {
        Path calls = root.getParent().resolve("rehearsals");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    /** A Maven that counts its calls and makes the jars, with what {@code before} does first. */
    void maven(String before) throws IOException {
        script(bin.resolve("mvn"), """
                echo "$JAVA_HOME $*" >> mvn.calls
                %s
                echo '[INFO] Building Hartbeat: emulator 1.0-SNAPSHOT     [1/2]'
                mkdir -p tools/target/lib
                cat tools/src/main/java/A.java > tools/target/lib/emulator.jar
                cat tools/src/main/java/A.java > tools/target/tools-1.0.jar
                """.formatted(before));
    }

    List<String> mavenCalls() throws IOException {
        Path calls = root.resolve("mvn.calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    Result launch(String... arguments) throws IOException, InterruptedException {
        return finish(start(arguments));
    }

    Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(bin.resolve("bash").toString(), root.resolve("hartbeat").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(root.getParent().toFile());
        builder.environment().clear();
        builder.environment().put("PATH", bin.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    static Result finish(Process process) throws IOException, InterruptedException {
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
        return new Result(process.waitFor(), out, err, process.pid());
    }

    static void script(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/bash\n" + text + "\n");
        if (!file.toFile().setExecutable(true)) {
            throw new IOException("cannot make executable: " + file);
        }
    }

    static Path onHost(String tool) {
        for (String directory : System.getenv("PATH").split(":", -1)) {
            Path file = Path.of(directory, tool);
            if (Files.isExecutable(file)) {
                return file.toAbsolutePath();
            }
        }
        throw new IllegalStateException("the launcher's test needs " + tool + " on PATH");
    }
}
