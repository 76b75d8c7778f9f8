package hartbeat.proof.check;

import hartbeat.ft.run.Role;
import hartbeat.proof.world.Node;
import hartbeat.proof.world.World;
import java.util.ArrayList;
import java.util.List;

/** What must hold of processes that were started apart and had to make a pair. */
final class Beginning {
    private Beginning() {}

    /** Whether a process that was to be a side never became one, which is no fault of its own. */
    static boolean excused(World world, Node node) {
        Role.Outcome outcome = node.outcome();
        boolean primary = node.equals(world.nodes().getFirst());
        boolean befallen = !world.setup().faults().isEmpty();
        return world.setup().cold()
                && !node.joined()
                && outcome != null
                && (primary ? befallen && outcome.message().startsWith("arbiter ") : befallen || lostItsPlace(world));
    }

    /** A backup finds no primary that takes it: it is gone, has another backup, or did not hear of it in time. */
    private static boolean lostItsPlace(World world) {
        Node primary = world.nodes().getFirst();
        return !primary.running() || primary.joined() || world.setup().strike() != null;
    }

    static List<String> violations(World world) {
        List<String> found = new ArrayList<>();
        if (!world.setup().cold()) {
            return found;
        }
        int joined = 0;
        Node primary = world.nodes().getFirst();
        for (Node node : world.nodes()) {
            if (node.equals(primary)) {
                continue;
            }
            joined += node.joined() && node.inputsFollowed() > 0 ? 1 : 0;
            // The last comes when one that was gone without a word has been given up.
            boolean mustBeTaken = node.equals(world.nodes().getLast())
                    && world.setup().faults().isEmpty()
                    && !node.dead()
                    && node.outcome() != null
                    && !node.joined();
            if (mustBeTaken && primary.waitsForPeer() && !timedOut(node)) {
                found.add("%s waits for a backup, and %s came: %s"
                        .formatted(primary.name(), node.name(), node.outcome()));
            }
        }
        if (joined > 1) {
            found.add("%d backups have followed one primary".formatted(joined));
        }
        return found;
    }

    /** It came while another one was dealt with, of which nothing was heard any more. */
    private static boolean timedOut(Node node) {
        Role.Outcome outcome = node.outcome();
        return outcome != null && outcome.message().contains("no answer within");
    }
}
