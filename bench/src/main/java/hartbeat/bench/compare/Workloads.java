package hartbeat.bench.compare;

import hartbeat.firmware.Firmware;
import hartbeat.tools.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What there is to run, and the recipe that builds it. */
public final class Workloads {
    /** Programs that compute; on bare metal, in the Linux guest and on the host. */
    public static final List<String> COMPUTE =
            List.of("sieve", "matmul", "crc", "list", "qsort", "str", "interp", "fib", "fptr", "wide");

    /** What only a system does. */
    static final List<String> SYSTEM = List.of("gzip", "sha256sum", "fork", "pipe", "walk");

    /** What a system does beside computing, each by itself. */
    static final List<String> CLASSES = List.of(
            "dispatch",
            "load",
            "store",
            "tlb",
            "trap",
            "csr",
            "mmio",
            "switch",
            "fault",
            "interrupt",
            "virtio",
            "translate");

    /** All of a kind. */
    static final String ALL_BARE = "bare";

    static final String ALL_CLASSES = "classes";

    static final String ALL_LINUX = "linux";

    /**
     * How much is done.
     *
     * @param bareLaps of each bare workload
     * @param linuxLaps of each workload in the guest
     */
    record Size(int bareLaps, int linuxLaps) {
        static final Size FULL = new Size(32, 16);
        static final Size QUICK = new Size(6, 2);
    }

    private Workloads() {}

    /** Every name that can be asked for. */
    static List<String> names() {
        List<String> names = new ArrayList<>(COMPUTE);
        CLASSES.forEach(name -> names.add(Subject.Bare.CLASS_PREFIX + name));
        names.add(Subject.Linux.PREFIX + Subject.Linux.BOOT);
        Stream.concat(COMPUTE.stream(), SYSTEM.stream()).forEach(name -> names.add(Subject.Linux.PREFIX + name));
        return names;
    }

    /** The names that {@code only} asks for, in the order in which they run; all but the classes of cost if it is empty. */
    static List<String> chosen(List<String> only) {
        List<String> all = names();
        for (String name : only) {
            if (!all.contains(name)
                    && !List.of(ALL_BARE, ALL_CLASSES, ALL_LINUX).contains(name)) {
                throw UserError.usage("--only: no workload '%s'".formatted(name), "see ./hartbeat bench qemu --list");
            }
        }
        List<String> wanted = only.isEmpty() ? List.of(ALL_BARE, ALL_LINUX) : only;
        return all.stream()
                .filter(name -> wanted.contains(name) || wanted.contains(group(name)))
                .toList();
    }

    /** Events of a class of cost in a lap, as {@code guest-images/bench/workload.h} has them. */
    public static int eventsPerLap(String name) {
        return switch (name.substring(Subject.Bare.CLASS_PREFIX.length())) {
            case "dispatch", "load", "store" -> 10_000_000;
            case "virtio" -> 2_000;
            default -> 100_000;
        };
    }

    private static String group(String name) {
        if (name.startsWith(Subject.Linux.PREFIX)) {
            return ALL_LINUX;
        }
        return name.startsWith(Subject.Bare.CLASS_PREFIX) ? ALL_CLASSES : ALL_BARE;
    }

    /**
     * Builds what is missing and says what is to be run.
     *
     * @param names of {@link #chosen}
     * @param directory for the firmware's image
     */
    static List<Subject> subjects(List<String> names, Size size, Path directory) {
        List<String> linux = names.stream()
                .filter(name -> name.startsWith(Subject.Linux.PREFIX))
                .map(name -> name.substring(Subject.Linux.PREFIX.length()))
                .toList();
        Path built = linux.isEmpty() ? recipe("--no-linux") : recipe();
        Path twin = built.resolve("native/workloads");
        List<Subject> subjects = new ArrayList<>();
        for (String name : names) {
            if (!name.startsWith(Subject.Linux.PREFIX)) {
                Path elf = built.resolve("bare/" + name + ".elf");
                subjects.add(new Subject.Bare(name, elf, size.bareLaps(), COMPUTE.contains(name) ? twin : null));
            }
        }
        if (!linux.isEmpty()) {
            subjects.add(new Subject.Linux(
                    built.resolve("linux/Image"),
                    built.resolve("linux/initramfs.cpio"),
                    firmware(directory),
                    size.linuxLaps(),
                    linux,
                    linux.stream().filter(COMPUTE::contains).toList(),
                    twin));
        }
        return subjects;
    }

    /** Every ELF file of a directory, by its name without ending. */
    static List<Subject> foreign(Path directory, Size size) {
        try (Stream<Path> files = Files.list(directory)) {
            List<Subject> subjects = files.filter(file -> file.toString().endsWith(".elf"))
                    .sorted()
                    .map(file -> (Subject) new Subject.Bare(
                            file.getFileName().toString().replaceFirst("\\.elf$", ""),
                            file.toAbsolutePath(),
                            size.bareLaps(),
                            null))
                    .toList();
            if (subjects.isEmpty()) {
                throw UserError.usage("--bare: no .elf file in " + directory, "name the directory that holds them");
            }
            return subjects;
        } catch (IOException e) {
            throw UserError.failed("--bare: " + directory + ": " + UserError.reason(e), "check the path", e);
        }
    }

    /** The directory of the bare workloads, built now if they are not there yet. */
    public static Path bareDirectory() {
        return recipe("--no-linux").resolve("bare");
    }

    private static Path firmware(Path directory) {
        try {
            return Files.write(directory.resolve("firmware.bin"), Firmware.image());
        } catch (IOException e) {
            throw UserError.failed("cannot write the firmware's image: " + UserError.reason(e), "free some space", e);
        }
    }

    /** The last line that the recipe prints; its progress goes to standard error. */
    private static Path recipe(String... arguments) {
        Path script = Path.of(System.getProperty("hartbeat.root", "."), "guest-images", "bench", "build");
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String last = "";
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    last = line;
                }
            }
            if (process.waitFor() != 0) {
                throw UserError.failed("the workloads could not be built", "see the messages above");
            }
            return Path.of(last);
        } catch (IOException e) {
            throw UserError.failed(
                    "the recipe of the workloads cannot be run: " + e.getMessage(), "start ./hartbeat bench", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw UserError.failed("interrupted", null, e);
        }
    }
}
