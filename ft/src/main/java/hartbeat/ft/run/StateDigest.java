package hartbeat.ft.run;

import java.util.ArrayList;
import java.util.List;

/**
 * Digest of a machine's state, part by part, so that a difference can be named.
 *
 * @param icount where it was taken
 * @param parts in the machine's order
 */
public record StateDigest(long icount, List<Part> parts) {
    /** One part of the machine, such as {@code hart0}, {@code plic} or {@code memory}. */
    public record Part(String name, long hash) {}

    public StateDigest {
        parts = List.copyOf(parts);
    }

    /** Names of the parts in which the two differ, each with both hashes; empty if they are equal. */
    public List<String> differences(StateDigest actual) {
        List<String> found = new ArrayList<>();
        int longer = Math.max(parts.size(), actual.parts.size());
        for (int i = 0; i < longer; i++) {
            Part mine = i < parts.size() ? parts.get(i) : new Part("(none)", 0);
            Part other = i < actual.parts.size() ? actual.parts.get(i) : new Part("(none)", 0);
            if (!mine.equals(other)) {
                String name = mine.name().equals(other.name()) ? mine.name() : mine.name() + "/" + other.name();
                found.add("%s: expected=%016x, actual=%016x".formatted(name, mine.hash(), other.hash()));
            }
        }
        if (icount != actual.icount) {
            found.add("icount: expected=%d, actual=%d".formatted(icount, actual.icount));
        }
        return found;
    }
}
