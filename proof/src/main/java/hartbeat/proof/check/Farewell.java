package hartbeat.proof.check;

import hartbeat.devices.host.disk.MemoryBlockStore;
import hartbeat.emulator.io.DiskStatus;
import hartbeat.emulator.io.Input;
import hartbeat.ft.run.DiskMode;
import hartbeat.ft.run.Role;
import hartbeat.proof.fault.Fault;
import hartbeat.proof.world.Node;
import hartbeat.proof.world.World;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What must hold of the end of a machine that its guest has switched off, or its user has stopped. */
final class Farewell {
    private static final String STOPPED = "stopped by the user";

    private Farewell() {}

    /** Whether this is the end of a process that its user has stopped, or that ended with such a one. */
    static boolean stopped(Role.Outcome outcome) {
        return outcome.message().contains(STOPPED);
    }

    /** Whether a process was stopped and could not hear of the arbiter whether it was succeeded. */
    static boolean unanswered(World world, Node node) {
        Role.Outcome outcome = node.outcome();
        boolean arbiterFailed = world.setup().faults().stream().anyMatch(timed -> switch (timed.fault()) {
            case Fault.ArbiterAway _,
                    Fault.ArbiterSlow _,
                    Fault.ArbiterAnswersLost _,
                    Fault.ArbiterFull _,
                    Fault.ArbiterCrash _ -> true;
            default -> false;
        });
        return arbiterFailed && outcome != null && outcome.message().startsWith("stopped without an answer");
    }

    static List<String> violations(World world) {
        List<String> found = new ArrayList<>();
        for (Node node : world.nodes()) {
            Role.Outcome outcome = node.outcome();
            if (outcome == null || outcome.exitCode() != Role.Outcome.DONE || !stopped(outcome)) {
                continue;
            }
            for (Node other : world.nodes()) {
                if (other.running() && other.live() != null) {
                    found.add("%s was stopped by its user, and %s goes on".formatted(node.name(), other.name()));
                }
            }
        }
        Node first = world.nodes().getFirst();
        if (onlyStopped(world) && world.holders().size() > 1) {
            found.add("%s was stopped by its user, and succeeded all the same".formatted(first.name()));
        }
        for (Node other : world.nodes()) {
            if (!other.equals(first) && endedTogether(first, other)) {
                same(world, first, other, found);
            }
        }
        return found;
    }

    /** Whether nothing but a user's stop has befallen the first primary. */
    private static boolean onlyStopped(World world) {
        return world.setup().strike() == null
                && world.setup().faults().size() == 1
                && world.setup().faults().getFirst().fault() instanceof Fault.Quit quit
                && quit.process() == 0
                && !world.nodes().getFirst().dead();
    }

    /** Both have ended well, and the other has only followed. */
    private static boolean endedTogether(Node first, Node other) {
        Role.Outcome mine = first.outcome();
        Role.Outcome theirs = other.outcome();
        return mine != null
                && theirs != null
                && mine.exitCode() == Role.Outcome.DONE
                && theirs.exitCode() == Role.Outcome.DONE
                && other.joined()
                && other.live() == null;
    }

    private static void same(World world, Node first, Node other, List<String> found) {
        if (first.machine().icount() != other.machine().icount()) {
            found.add("both have ended, %s at icount %d and %s at icount %d"
                    .formatted(
                            first.name(),
                            first.machine().icount(),
                            other.name(),
                            other.machine().icount()));
        }
        MemoryBlockStore one = world.store(first.index());
        MemoryBlockStore two = world.store(other.index());
        if (world.setup().disk() == DiskMode.REPLICATED
                && first.quiet()
                && other.quiet()
                && !diskFailed(first)
                && !diskFailed(other)
                && !Arrays.equals(one.content(), two.content())) {
            found.add("both have ended, and the disks of %s and %s differ".formatted(first.name(), other.name()));
        }
    }

    private static boolean diskFailed(Node node) {
        return node.probe().inputs().stream()
                .anyMatch(applied ->
                        applied.input() instanceof Input.DiskCompletion done && done.status() != DiskStatus.OK);
    }
}
