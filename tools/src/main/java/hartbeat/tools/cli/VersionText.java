package hartbeat.tools.cli;

import hartbeat.tools.Main;
import java.nio.file.Path;

/** What {@code --version} says: all that a report of a fault should name. */
public final class VersionText {
    private VersionText() {}

    /** Version of this program, of the JVM and host, and the executor where none is named. */
    public static String lines() {
        String version = Main.class.getPackage().getImplementationVersion();
        return """
                hartbeat %s%s
                java     %s (%s)
                host     %s %s, %s
                executor %s""".formatted(
                        version == null ? "development" : version,
                        sources(),
                        Runtime.version(),
                        System.getProperty("java.vm.name"),
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        System.getProperty("os.arch"),
                        "translator where the host allows it, else interpreter");
    }

    /** The launcher keeps what it built under the digest of the sources. */
    private static String sources() {
        String run = System.getenv("HARTBEAT_RUN");
        return run == null ? "" : ", sources " + Path.of(run).getFileName();
    }
}
