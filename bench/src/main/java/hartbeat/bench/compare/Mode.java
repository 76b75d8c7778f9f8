package hartbeat.bench.compare;

import hartbeat.tools.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A way to run a workload, in the order in which one round runs them; a replay follows its recording. */
public enum Mode {
    QEMU_PLAIN("qemu-plain"),
    PLAIN("plain"),
    NATIVE("native"),
    QEMU_ICOUNT("qemu-icount"),
    PROTECTED("protected"),
    BESIDE("beside"),
    QEMU_RECORD("qemu-record"),
    RECORD("record"),
    QEMU_REPLAY("qemu-replay"),
    REPLAY("replay");

    private final String label;

    Mode(String label) {
        this.label = label;
    }

    /** As it stands in tables, JSON and options. */
    public String label() {
        return label;
    }

    boolean qemu() {
        return label.startsWith("qemu-");
    }

    /** Whether it is a way of ours. */
    boolean ours() {
        return !qemu() && this != NATIVE;
    }

    /** The mode that makes the log which this one reads, or itself. */
    Mode recording() {
        return switch (this) {
            case REPLAY -> RECORD;
            case QEMU_REPLAY -> QEMU_RECORD;
            default -> this;
        };
    }

    /**
     * Reads labels with commas between them; recordings that are needed for what is named are added.
     *
     * @throws UserError for a label that is none
     */
    public static List<Mode> parse(String text) {
        List<Mode> wanted = new ArrayList<>();
        for (String word : text.split(",", -1)) {
            Mode mode = Arrays.stream(values())
                    .filter(candidate -> candidate.label.equals(word))
                    .findFirst()
                    .orElseThrow(() -> UserError.usage(
                            "--modes: unknown mode '%s'".formatted(word),
                            "modes are "
                                    + String.join(
                                            ",",
                                            Arrays.stream(values())
                                                    .map(Mode::label)
                                                    .toList())));
            wanted.add(mode);
            wanted.add(mode.recording());
        }
        return Arrays.stream(values()).filter(wanted::contains).toList();
    }
}
