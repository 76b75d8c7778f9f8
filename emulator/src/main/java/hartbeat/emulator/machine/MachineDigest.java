package hartbeat.emulator.machine;

import java.util.ArrayList;
import java.util.List;

/**
 * Hashes of all parts of a machine at one icount; two machines that are equal have equal digests, if they were digested at the
 * same icounts before.
 *
 * @param parts in the order in which they are saved
 */
public record MachineDigest(long icount, List<Part> parts) {

    /**
     * One part's hash (XXH3-64 of what it saves; for memory of the pages written since the last digest, chained with the hash
     * before).
     */
    public record Part(String name, long hash) {}

    /** Names of the parts in which two digests of the same machine differ; empty if they are equal. */
    public List<String> differences(MachineDigest other) {
        List<String> names = new ArrayList<>();
        if (icount != other.icount) {
            names.add("icount");
        }
        for (int i = 0; i < Math.max(parts.size(), other.parts.size()); i++) {
            Part mine = i < parts.size() ? parts.get(i) : new Part("nothing", 0);
            Part theirs = i < other.parts.size() ? other.parts.get(i) : new Part("nothing", 0);
            if (!mine.equals(theirs)) {
                names.add(mine.name().equals(theirs.name()) ? mine.name() : mine.name() + "/" + theirs.name());
            }
        }
        return names;
    }
}
