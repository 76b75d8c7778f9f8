package hartbeat.bench.compare;

import hartbeat.tools.process.OwnCommand;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is started for a subject in a mode: the command lines that a user would type.
 *
 * @param executor passed to Hartbeat as {@code --executor}, null for its own choice
 */
record CommandLines(@Nullable String executor) {
    private static final String MEMORY_MEGABYTES = "128";

    /** What a silent primary means is not measured here; two cold JVMs on a small host may be silent for a while. */
    private static final String SUSPECT_MILLIS = "5000";

    /** QEMU's counting mode and its record and replay, as fast as it offers them: without waiting for the host's clock. */
    private static final String ICOUNT = "shift=0,sleep=off";

    private static final String RR_ICOUNT = "shift=0";

    /** Where the files and sockets of one run are. */
    record Places(Path directory, int port) {
        Path log() {
            return directory.resolve("hartbeat.log");
        }

        Path qemuLog() {
            return directory.resolve("qemu.log");
        }

        Path lan() {
            return directory.resolve("lan");
        }

        Path arbiter() {
            return directory.resolve("arbiter");
        }
    }

    /** The process whose start and end are those of the run; null if the subject has no such mode. */
    @Nullable
    List<String> main(Subject subject, Mode mode, Places places) {
        return switch (mode) {
            case QEMU_PLAIN -> qemu(subject, List.of());
            case QEMU_ICOUNT -> qemu(subject, List.of("-icount", ICOUNT));
            case QEMU_RECORD -> qemu(subject, List.of("-icount", RR_ICOUNT + ",rr=record,rrfile=" + places.qemuLog()));
            case QEMU_REPLAY -> qemu(subject, List.of("-icount", RR_ICOUNT + ",rr=replay,rrfile=" + places.qemuLog()));
            case PLAIN, BESIDE -> hartbeat("run", machine(subject), List.of());
            case RECORD ->
                hartbeat(
                        "run",
                        machine(subject),
                        List.of("--record", places.log().toString()));
            case REPLAY ->
                hartbeat(
                        "run",
                        executorOption(),
                        List.of("--replay", places.log().toString()));
            case PROTECTED -> hartbeat("primary", machine(subject), primary(places));
            case NATIVE -> twin(subject);
        };
    }

    /** The backup of a primary. */
    List<String> backup(Places places) {
        List<String> options = new ArrayList<>(List.of("--connect", address(places)));
        options.addAll(pair(places));
        return hartbeat("backup", executorOption(), options);
    }

    private List<String> primary(Places places) {
        List<String> options = new ArrayList<>(List.of("--listen", address(places)));
        options.addAll(pair(places));
        return options;
    }

    private static List<String> pair(Places places) {
        return List.of(
                "--arbiter",
                "dir:" + places.arbiter(),
                "--net",
                "switch=unix:" + places.lan(),
                "--suspect-after",
                SUSPECT_MILLIS);
    }

    private static String address(Places places) {
        return "127.0.0.1:" + places.port();
    }

    private static List<String> qemu(Subject subject, List<String> options) {
        List<String> command = new ArrayList<>(List.of("qemu-system-riscv32", "-M", "virt", "-m", MEMORY_MEGABYTES));
        command.addAll(List.of("-display", "none", "-monitor", "none", "-no-reboot", "-serial", "stdio"));
        command.addAll(
                switch (subject) {
                    case Subject.Bare bare ->
                        List.of("-bios", "none", "-kernel", bare.elf().toString(), "-append", append(bare));
                    case Subject.Linux linux ->
                        List.of(
                                "-bios",
                                linux.firmware().toString(),
                                "-kernel",
                                linux.kernel().toString(),
                                "-initrd",
                                linux.initrd().toString(),
                                "-append",
                                append(linux));
                });
        if (needsEntropy(subject)) {
            command.addAll(List.of("-device", "virtio-rng-device"));
        }
        command.addAll(options);
        return List.copyOf(command);
    }

    /** QEMU cannot record its source of entropy, so no machine has one but those that measure it. */
    private static boolean needsEntropy(Subject subject) {
        return subject instanceof Subject.Bare bare && bare.isClass();
    }

    private List<String> machine(Subject subject) {
        List<String> options = new ArrayList<>(executorOption());
        options.addAll(List.of("--memory", MEMORY_MEGABYTES + "M"));
        if (!needsEntropy(subject)) {
            options.add("--no-rng");
        }
        options.addAll(
                switch (subject) {
                    case Subject.Bare bare ->
                        List.of("--bios", "none", "--kernel", bare.elf().toString(), "--append", append(bare));
                    case Subject.Linux linux ->
                        List.of(
                                "--kernel",
                                linux.kernel().toString(),
                                "--initrd",
                                linux.initrd().toString(),
                                "--append",
                                append(linux));
                });
        return options;
    }

    private List<String> executorOption() {
        return executor == null ? List.of() : List.of("--executor", executor);
    }

    private static String append(Subject subject) {
        return switch (subject) {
            case Subject.Bare bare -> "laps=" + bare.laps();
            case Subject.Linux linux ->
                "console=ttyS0 quiet hartbeat.run=/bench/run bench.laps=%d bench.only=%s"
                        .formatted(linux.laps(), String.join(",", linux.names()));
        };
    }

    private static @Nullable List<String> twin(Subject subject) {
        List<String> command = new ArrayList<>();
        switch (subject) {
            case Subject.Bare bare
            when bare.twin() != null ->
                command.addAll(List.of(bare.twin().toString(), Integer.toString(bare.laps()), bare.name()));
            case Subject.Linux linux
            when !linux.twins().isEmpty() -> {
                command.addAll(List.of(linux.twin().toString(), Integer.toString(linux.laps())));
                command.addAll(linux.twins());
            }
            case Subject _ -> {
                return null;
            }
        }
        return command;
    }

    /** By the launcher, as a user starts it; where there is none, as in a test, by the class path of this process. */
    private static List<String> hartbeat(String name, List<String> machine, List<String> options) {
        List<String> arguments = new ArrayList<>(List.of(name));
        arguments.addAll(machine);
        arguments.addAll(options);
        if (System.getenv("HARTBEAT_RUN") == null) {
            return OwnCommand.of(arguments);
        }
        arguments.addFirst(
                Path.of(System.getProperty("hartbeat.root", "."), "hartbeat").toString());
        return arguments;
    }
}
