package hartbeat.proof.differential;

import hartbeat.emulator.isa.Disassembler;
import hartbeat.proof.differential.StreamResult.Trap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What differs between two results of one stream, but for {@link KnownDifference}s. */
final class StreamComparison {
    private final StreamResult ours;
    private final StreamResult theirs;
    private final PartedWays parted;
    private final List<String> differences = new ArrayList<>();

    private StreamComparison(Stream stream, StreamResult ours, StreamResult theirs) {
        this.ours = ours;
        this.theirs = theirs;
        parted = new PartedWays(stream, ours, theirs);
    }

    /** A line for each difference, the earliest first; empty if the results are equal. */
    static List<String> of(Stream stream, StreamResult ours, StreamResult theirs) {
        StreamComparison comparison = new StreamComparison(stream, ours, theirs);
        comparison.compare();
        return comparison.differences;
    }

    private void compare() {
        if (!ours.ended() || !theirs.ended()) {
            if (ours.ended() != theirs.ended()) {
                differences.add("ended: ours=%s, qemu=%s".formatted(ours.ended(), theirs.ended()));
            }
            return;
        }
        for (int at = 0; at < Math.min(ours.traps(), theirs.traps()); at++) {
            if (parted.from(at)) {
                return;
            }
            for (Trap field : Trap.values()) {
                trap(field, at);
            }
        }
        word("traps", StreamResult.TRAPS);
        if (!KnownDifference.explainsMarks(ours, theirs)) {
            word("memory (hash)", StreamResult.MEMORY);
        }
        word("memory but for accessed and dirty bits (hash)", StreamResult.WITHOUT_MARKS);
        word("registers after each pass (hash)", StreamResult.PASSES);
        for (int i = 1; i < 32; i++) {
            word(Disassembler.register(i), StreamResult.X + i);
        }
        for (int i = 0; i < StreamResult.CSR_NAMES.length; i++) {
            // Those of the last trap are in its record.
            if (!List.of("sepc", "scause", "stval").contains(StreamResult.CSR_NAMES[i])) {
                word(StreamResult.CSR_NAMES[i], StreamResult.CSRS + i);
            }
        }
    }

    private void trap(Trap field, int at) {
        int mine = ours.trap(at, field);
        int other = theirs.trap(at, field);
        if (mine == other) {
            return;
        }
        for (KnownDifference known : KnownDifference.values()) {
            if (known.explains(field, ours, theirs, at)) {
                return;
            }
        }
        differ("trap %d: %s".formatted(at + 1, field.name().toLowerCase(Locale.ROOT)), mine, other);
    }

    private void word(String name, int index) {
        if (ours.words()[index] != theirs.words()[index]) {
            differ(name, ours.words()[index], theirs.words()[index]);
        }
    }

    private void differ(String name, int mine, int other) {
        differences.add("%s: ours=%08x, qemu=%08x".formatted(name, mine, other));
    }
}
