package hartbeat.proof.check;

import hartbeat.emulator.io.DiskStatus;
import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.ft.role.Live;
import hartbeat.ft.run.DiskMode;
import hartbeat.ft.run.Role;
import hartbeat.proof.fault.Fault;
import hartbeat.proof.world.Node;
import hartbeat.proof.world.Probe;
import hartbeat.proof.world.SimHost;
import hartbeat.proof.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All checks of a world whose faults have ceased and that has come to rest. */
public final class Checks {
    private static final String PRIMARY = "primary";

    private final World world;
    private final Node last;
    private final List<String> found = new ArrayList<>();

    private Checks(World world) {
        this.world = world;
        this.last = holder(world);
    }

    /**
     * All violations; empty for a good run.
     *
     * @param replay whether the surviving history is also replayed on a machine of its own
     */
    public static List<String> violations(World world, boolean replay) {
        Checks checks = new Checks(world);
        checks.found.addAll(world.violations());
        checks.found.addAll(world.failures());
        checks.oneLive();
        checks.sharedHistory();
        checks.outsideHistory();
        checks.inputsKept();
        checks.found.addAll(world.workload().violations(world.outside()));
        checks.found.addAll(Farewell.violations(world));
        checks.disk();
        checks.outcomes();
        checks.liveness();
        if (replay) {
            checks.found.addAll(Reference.violations(
                    world.machines(), checks.last.probe(), checks.last.machine().icount()));
        }
        return checks.found;
    }

    /** Who has the highest generation. */
    private static Node holder(World world) {
        long highest = 0;
        Node holder = world.nodes().getFirst();
        for (Map.Entry<Long, String> entry : world.holders().entrySet()) {
            for (Node node : world.nodes()) {
                if (node.name().equals(entry.getValue()) && entry.getKey() > highest) {
                    highest = entry.getKey();
                    holder = node;
                }
            }
        }
        return holder;
    }

    /** Two that emit in one generation are two machines in the world; so are two that are live when all is quiet. */
    private void oneLive() {
        Map<Long, String> senders = new TreeMap<>();
        int live = 0;
        for (Node node : world.nodes()) {
            for (SimHost.Sent sent : node.host().sent()) {
                String first = senders.putIfAbsent(sent.generation(), node.name());
                if (first != null && !first.equals(node.name())) {
                    found.add("generation %d: %s and %s both emit".formatted(sent.generation(), first, node.name()));
                    break;
                }
            }
            live += node.running() && node.live() != null ? 1 : 0;
        }
        if (live > 1) {
            found.add("%d processes are live".formatted(live));
        }
    }

    /** What a backup did while it followed is what its primary did, at the same instructions, from the same state. */
    private void sharedHistory() {
        Probe primary = world.nodes().getFirst().probe();
        for (Node node : world.nodes()) {
            if (node.inputsFollowed() >= 0) {
                follows(node, primary);
            }
        }
    }

    private void follows(Node node, Probe primary) {
        Probe probe = node.probe();
        for (int i = 0; i < node.inputsFollowed(); i++) {
            Probe.Applied mine = probe.inputs().get(i);
            if (i >= primary.inputs().size() || !Same.inputs(primary.inputs().get(i), mine)) {
                found.add(
                        "%s: input %d at icount %d is none of the primary's".formatted(node.name(), i, mine.icount()));
                return;
            }
        }
        for (int i = 0; i < node.emissionsFollowed(); i++) {
            Emission mine = probe.emissions().get(i);
            if (i >= primary.emissions().size()
                    || !Same.emissions(primary.emissions().get(i), mine)) {
                found.add("%s: output %d at icount %d is none of the primary's"
                        .formatted(node.name(), mine.number(), mine.icount()));
                return;
            }
        }
        for (int i = 0; i < Math.min(probe.digests().size(), primary.digests().size()); i++) {
            Probe.Shared mine = probe.digests().get(i);
            if (mine.inputs() <= node.inputsFollowed()
                    && !mine.equals(primary.digests().get(i))
                    && !noticed(node)) {
                found.add("%s: its state at icount %d is not the primary's, digest %d"
                        .formatted(node.name(), mine.digest().icount(), i));
                return;
            }
        }
    }

    /** Whether a machine was corrupted on purpose and its side has stopped for it. */
    private boolean noticed(Node node) {
        Role.Outcome outcome = node.outcome();
        return corrupted() && outcome != null && outcome.exitCode() == Role.Outcome.DIVERGED;
    }

    /** What came out is what the surviving machine has made: nothing else, nothing twice, and if it goes on, nothing left out. */
    private void outsideHistory() {
        Role.Outcome end = last.outcome();
        boolean complete =
                end != null && end.exitCode() == Role.Outcome.DONE && !Farewell.stopped(end) && !switchLost();
        List<String> reasons = new ArrayList<>();
        for (Node node : world.nodes()) {
            if (last.dead() || node.equals(last)) {
                String reason = Same.outside(world, node.probe(), complete);
                if (reason.isEmpty()) {
                    return;
                }
                reasons.add(node.name() + ": " + reason);
            }
        }
        found.add("the outside saw what no machine has made; " + String.join("; ", reasons));
    }

    /** Every item that a keeper had for the machine is in the history that goes on, once and in order. */
    private void inputsKept() {
        if (switchLost()) {
            return;
        }
        Map<Integer, Long> tickets = new TreeMap<>();
        for (Probe.Applied applied : last.probe().inputs()) {
            switch (applied.input()) {
                case Input.FrameReceived frame -> ticket(tickets, frame.device(), frame.ticket());
                case Input.ConsoleInput console -> ticket(tickets, console.device(), console.ticket());
                case Input.TimeSample _, Input.WallClock _, Input.DiskCompletion _, Input.Entropy _ -> {}
            }
        }
    }

    private void ticket(Map<Integer, Long> tickets, int device, long ticket) {
        if (ticket != 0) {
            Long before = tickets.put(device, ticket);
            if (ticket != (before == null ? 0 : before) + 1) {
                found.add("device %d: expected=ticket %d, actual=%d: an input was forgotten or came twice"
                        .formatted(device, (before == null ? 0 : before) + 1, ticket));
            }
        }
    }

    /** The disk holds what the requests of the history made of it, in their order; what was flushed is on stable storage. */
    private void disk() {
        if (last.dead() || !last.quiet()) {
            return;
        }
        Role.Outcome end = last.outcome();
        if (!DiskModel.holds(
                world, last.probe(), world.store(last.index()).content(), end != null && Farewell.stopped(end))) {
            found.add("disk of %s: not what its history of requests makes of it".formatted(last.name()));
        }
        world.store(last.index()).crash();
        found.addAll(world.workload().diskViolations(world.store(last.index()).content()));
    }

    private void outcomes() {
        for (Node node : world.nodes()) {
            Role.Outcome outcome = node.outcome();
            if (outcome == null) {
                continue;
            }
            boolean excused = switch (outcome.exitCode()) {
                case Role.Outcome.DONE -> true;
                case Role.Outcome.FENCED -> !node.equals(last);
                default ->
                    Farewell.unanswered(world, node)
                            || Beginning.excused(world, node)
                            || (!node.name().equals(PRIMARY) && (corrupted() || lostToDisks(node)));
            };
            if (!excused) {
                found.add("%s ended: %s".formatted(node.name(), outcome));
            }
        }
    }

    private boolean corrupted() {
        return world.setup().faults().stream().anyMatch(timed -> timed.fault() instanceof Fault.FlipBit);
    }

    /** A backup may leave for the sake of the disks; but not once it is the one that is to go on, unless it was its own disk that failed. */
    private boolean lostToDisks(Node node) {
        Role.Outcome first = world.nodes().getFirst().outcome();
        boolean over = first != null && Farewell.stopped(first);
        return diskFailed() && (!node.equals(last) || over || fails(node));
    }

    private boolean fails(Node node) {
        return world.setup().faults().stream()
                .anyMatch(
                        timed -> timed.fault() instanceof Fault.DiskErrors errors && errors.process() == node.index());
    }

    /** A failing request makes the two copies of a replicated disk differ, and a backup whose own disk fails cannot follow. */
    private boolean diskFailed() {
        return world.setup().disk() == DiskMode.REPLICATED
                        && last.probe().inputs().stream().anyMatch(Checks::failed)
                || world.setup().faults().stream().anyMatch(timed -> timed.fault() instanceof Fault.DiskErrors);
    }

    private static boolean failed(Probe.Applied applied) {
        return applied.input() instanceof Input.DiskCompletion done && done.status() != DiskStatus.OK;
    }

    /** Who won the last generation goes on and answers, unless it was killed; if it was, nobody else is left waiting. */
    private void liveness() {
        Role.Outcome outcome = last.outcome();
        found.addAll(Beginning.violations(world));
        if (!last.dead() && last.joined()) {
            Live live = last.live();
            if (outcome == null && live == null) {
                found.add("%s has won the last generation and is not live".formatted(last.name()));
            } else if (outcome == null) {
                found.add("%s is live, but %s"
                        .formatted(
                                last.name(),
                                world.workload().done()
                                        ? "does not end, though its guest is off"
                                        : "the outside waits for answers"));
            } else if (!world.workload().done()
                    && outcome.exitCode() == Role.Outcome.DONE
                    && !Farewell.stopped(outcome)
                    && !switchLost()) {
                found.add("%s has ended, but the outside has not seen all of it".formatted(last.name()));
            }
        }
        for (Node node : world.nodes()) {
            boolean follows = !node.equals(last) && node.running() && node.joined();
            if (follows && (last.dead() || outcome != null)) {
                found.add("%s waits, though %s is gone".formatted(node.name(), last.name()));
            }
        }
        boolean untouched = world.setup().faults().isEmpty() && world.setup().strike() == null;
        if (onlySwitches() && world.holders().size() > 1) {
            found.add("a take-over without a fault");
        }
        long held = world.nodes().getFirst().longestHoldNanos();
        if (untouched && held > world.promptNanos()) {
            found.add("an output was held for %d us, without a fault; expected<=%d us"
                    .formatted(held / 1_000, world.promptNanos() / 1_000));
        }
    }

    /** Whether nothing has befallen the world, unless it were the deaths of switches, for which nobody takes over. */
    private boolean onlySwitches() {
        return world.setup().strike() == null
                && world.setup().faults().stream().allMatch(timed -> timed.fault() instanceof Fault.SwitchRestart);
    }

    /** Whether the switch was killed: what it had is lost, and what it had passed on may come again. */
    private boolean switchLost() {
        return !world.outside().before().isEmpty();
    }

    /** Whether an output can be seen from outside. */
    static boolean isPublic(Output output) {
        return output instanceof Output.ConsoleOutput || output instanceof Output.FrameSent;
    }
}
