package hartbeat.tools.prove;

import hartbeat.guest.BareGuest;
import hartbeat.guest.BareGuests;
import hartbeat.proof.campaign.Budget;
import hartbeat.proof.campaign.Campaign;
import hartbeat.proof.campaign.Finding;
import hartbeat.proof.campaign.Tried;
import hartbeat.tools.process.OwnCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Each bare guest is recorded by one process and replayed by others: under another executor, another compiler of the JVM, another
 * collector, another heap, another JDK build. What the log knows of digests and outputs must come out again every time.
 */
public final class ReplayCampaign implements Campaign {
    /** Those that end by themselves, without anybody outside. */
    private static final List<String> GUESTS =
            List.of("hello", "timer", "rng", "counter", "sv32", "fault", "user", "smp", "sbi");

    private static final long PATIENCE_SECONDS = 300;
    private static final String JDKS = "/usr/lib/jvm";

    /**
     * A way to run a replay.
     *
     * @param java the program to start, null for the one that runs now
     */
    private record Variant(
            String name, String executor, @Nullable String java, List<String> flags) {}

    private static final List<Variant> USUAL = List.of(
            new Variant("interpreter", "interpreter", null, List.of("-XX:+UseSerialGC")),
            new Variant("translator", "translator", null, List.of("-XX:+UseSerialGC")),
            new Variant("no JIT", "interpreter", null, List.of("-Xint", "-XX:+UseSerialGC")),
            new Variant(
                    "C1 only, small heap",
                    "translator",
                    null,
                    List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m")),
            new Variant("C2 only", "interpreter", null, List.of("-XX:-TieredCompilation", "-XX:+UseSerialGC")),
            new Variant("G1, large heap", "translator", null, List.of("-XX:+UseG1GC", "-Xms256m", "-Xmx512m")),
            new Variant("parallel collector, 128 MB", "interpreter", null, List.of("-XX:+UseParallelGC", "-Xmx128m")),
            new Variant("ZGC", "translator", null, List.of("-XX:+UseZGC", "-Xmx256m")));

    @Override
    public String name() {
        return "replays";
    }

    @Override
    public String unit() {
        return "replays";
    }

    @Override
    public long floorPerHour() {
        return 0;
    }

    @Override
    public Tried run(Budget budget, LongConsumer progress) {
        List<Finding> findings = new ArrayList<>();
        long began = System.nanoTime();
        long count = 0;
        try {
            Path folder = Files.createTempDirectory("hartbeat-replays");
            try {
                List<Variant> variants = variants();
                // Every guest meets every variant after as many rounds as there are variants; a round begins with a
                // recording.
                for (long round = 0; !budget.spent(System.nanoTime() - began, count); round++) {
                    int guest = (int) Long.remainderUnsigned(budget.seed() + round, GUESTS.size());
                    int variant = (int)
                            Long.remainderUnsigned((budget.seed() + round) / GUESTS.size() + round, variants.size());
                    String finding = replay(folder, BareGuests.named(GUESTS.get(guest)), variants.get(variant));
                    if (finding != null) {
                        findings.add(new Finding(
                                finding,
                                "./hartbeat differ --against replays --seed %d --runs 1"
                                        .formatted(budget.seed() + round)));
                    }
                    progress.accept(++count);
                }
            } finally {
                delete(folder);
            }
        } catch (IOException e) {
            findings.add(new Finding("replays: " + e.getMessage(), "./hartbeat differ --against replays --runs 1"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Tried(name(), unit(), count, findings);
    }

    /** What differs, or null. */
    private static @Nullable String replay(Path folder, BareGuest guest, Variant variant)
            throws IOException, InterruptedException {
        Path elf = Files.write(folder.resolve("guest.elf"), guest.elf());
        Path log = folder.resolve("guest.log");
        Files.deleteIfExists(log);
        List<String> run = new ArrayList<>(List.of("run", "--kernel", elf.toString(), "--record", log.toString()));
        run.addAll(List.of("--memory", "16M"));
        if (guest.start() == BareGuest.Start.MACHINE) {
            run.addAll(List.of("--bios", "none"));
        }
        if (guest.name().equals("smp")) {
            run.addAll(List.of("--smp", "4"));
        }
        Path recorded = folder.resolve("recorded");
        Path replayed = folder.resolve("replayed");
        int exit = execute(command(USUAL.get(1), run), recorded);
        if (exit != 0) {
            return "%s, recorded: expected=exit code 0, actual=%d: %s".formatted(guest.name(), exit, said(recorded));
        }
        exit = execute(
                command(variant, List.of("run", "--replay", log.toString(), "--executor", variant.executor)), replayed);
        String messages = said(replayed);
        if (exit != 0 || !messages.contains("digests equal")) {
            return "%s, replayed by %s: expected=digests equal, actual=exit code %d: %s"
                    .formatted(guest.name(), variant.name, exit, messages);
        }
        if (Files.mismatch(recorded, replayed) >= 0) {
            return "%s, replayed by %s: it printed something else".formatted(guest.name(), variant.name);
        }
        return null;
    }

    /** Our own command, with a variant's flags for those that say the like. */
    private static List<String> command(Variant variant, List<String> arguments) {
        List<String> command = new ArrayList<>(OwnCommand.of(arguments));
        if (variant.java != null) {
            command.set(0, variant.java);
        }
        command.removeIf(word -> word.matches("-XX:\\+Use\\w+GC|-Xm[nxs]\\w+|-XX:AOT.*|-XX:.?Tiered.*"));
        command.addAll(1, variant.flags);
        return command;
    }

    private static int execute(List<String> command, Path console) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(console.toFile())
                .redirectError(messages(console).toFile())
                .start();
        try {
            return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) ? process.exitValue() : -1;
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static Path messages(Path console) {
        return console.resolveSibling(console.getFileName() + ".err");
    }

    private static String said(Path console) throws IOException {
        return Files.readString(messages(console)).strip();
    }

    /** The usual ones, and those of other JDKs that are new enough and lie where the distribution puts them. */
    private static List<Variant> variants() throws IOException {
        List<Variant> all = new ArrayList<>(USUAL);
        Path own = Path.of(System.getProperty("java.home")).toRealPath();
        if (!Files.isDirectory(Path.of(JDKS))) {
            return all;
        }
        try (Stream<Path> homes = Files.list(Path.of(JDKS))) {
            for (Path home : homes.sorted().toList()) {
                Path release = home.resolve("release");
                if (Files.isRegularFile(release)
                        && !home.toRealPath().equals(own)
                        && Files.readString(release).matches("(?s).*JAVA_VERSION=\"(2[5-9]|[3-9]\\d).*")) {
                    String java = home.resolve("bin/java").toString();
                    all.add(new Variant("JDK in " + home, "translator", java, List.of("-XX:+UseSerialGC")));
                }
            }
        }
        return all;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
