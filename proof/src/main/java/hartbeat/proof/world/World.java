package hartbeat.proof.world;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.host.disk.BlockStore;
import hartbeat.devices.host.disk.MemoryBlockStore;
import hartbeat.ft.channel.Secret;
import hartbeat.ft.detector.HeartbeatCodec;
import hartbeat.ft.run.DiskMode;
import hartbeat.ft.run.Pace;
import hartbeat.lan.Switch;
import hartbeat.proof.fault.Ending;
import hartbeat.proof.fault.Fault;
import hartbeat.proof.fault.Seeded;
import hartbeat.proof.fault.Strike;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A pair and all around it, advanced from event to event by one thread. */
public final class World implements AutoCloseable {
    private static final long BEGIN_NANOS = 1_000_000;
    private static final long MICRO = 1_000;
    private static final long[] NANOS_PER_INSTRUCTION = {10, 10, 100, 1_000};
    private static final long[] NANOS_WHEN_COMPUTING = {100, 200, 500, 1_000};
    private static final long MOST_DRIFT_PPM = 40_000;
    private static final long STEPS_NANOS = 1_000_000;
    /** As the product's; a slow machine runs no shorter ones. */
    private static final long SMALLEST_QUANTUM = 1_000;

    private static final int WARM_PROCESSES = 2;
    private static final int COLD_PROCESSES = 3;
    /** The pair's. */
    public static final Secret SECRET =
            new Secret("a secret of the simulation alone".getBytes(java.nio.charset.StandardCharsets.US_ASCII));

    private final Setup setup;
    private final Machines machines;
    private final Trace trace;
    private final SimDirectory directory = new SimDirectory();
    private final Lines lines;
    private final Outside outside;
    private @Nullable Switch lan;
    private final Workload workload;
    private final List<Node> nodes = new ArrayList<>();
    private final List<MemoryBlockStore> stores = new ArrayList<>();
    private final PriorityQueue<Due> agenda = new PriorityQueue<>();
    private final Map<Long, String> liveByGeneration = new TreeMap<>();
    private final List<String> violations = new ArrayList<>();
    private final List<Long> marks = new ArrayList<>();
    private final long latencyNanos;
    private final long nanosPerInstruction;
    private byte[] firstDisk = {};
    private long nowNanos = BEGIN_NANOS;
    private long scheduled;

    /**
     * How a world begins.
     *
     * @param seed of everything that is left to chance in it
     * @param faults in order of time
     * @param cold whether the processes are started apart and have to make the pair
     * @param strike what befalls a process at one of its crossings, or null
     * @param computing whether the guest computes whenever it can: processors are slow then, or nearly all work would be its instructions
     * @param fingerprints whether the harness digests whole states itself, wherever the product takes a digest
     */
    public record Setup(
            long seed,
            DiskMode disk,
            boolean cold,
            List<Fault.Timed> faults,
            @Nullable Strike strike,
            boolean computing,
            boolean fingerprints) {
        public Setup {
            faults = List.copyOf(faults);
        }
    }

    private record Due(long nanos, long number, Runnable action) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(nanos, other.nanos);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    public World(Setup setup, Composition composition, Machines machines, Workload workload, Trace trace) {
        this.setup = setup;
        this.machines = machines;
        this.trace = trace;
        this.workload = workload;
        Seeded random = Seeded.of(setup.seed(), "world");
        latencyNanos = random.between(20, 400) * MICRO;
        long[] speeds = setup.computing() ? NANOS_WHEN_COMPUTING : NANOS_PER_INSTRUCTION;
        nanosPerInstruction = speeds[(int) random.below(speeds.length)];
        int processes = setup.cold() ? COLD_PROCESSES : WARM_PROCESSES;
        HeartbeatCodec codec =
                new HeartbeatCodec(SECRET, machines.config().machineId().toBytes());
        lines = new Lines(setup.seed(), processes, codec, this::nowNanos, latencyNanos, !setup.cold());
        Switch first = new Switch();
        lan = first;
        outside = new Outside(first);
        makeDisks(processes);
        Parts parts = new Parts(this, composition);
        for (int process = 0; process < processes; process++) {
            Node node = node(process, random);
            nodes.add(node);
            parts.compose(node, random);
        }
        if (setup.cold()) {
            parts.startApart(random);
        } else {
            parts.startTogether();
        }
        setup.faults().forEach(timed -> at(BEGIN_NANOS + timed.atNanos(), () -> befall(timed.fault())));
    }

    private void makeDisks(int processes) {
        BoardConfig.Drive drive = machines.config().drives().getFirst();
        firstDisk = new byte[(int) drive.sectors() * BlockStore.SECTOR_BYTES];
        Seeded.of(setup.seed(), "disk").fill(firstDisk);
        for (int process = 0; process < processes; process++) {
            boolean shared = process > 0 && setup.disk() == DiskMode.SHARED;
            boolean empty = process > 0 && setup.cold();
            stores.add(
                    shared ? stores.getFirst() : new MemoryBlockStore(empty ? new byte[firstDisk.length] : firstDisk));
        }
    }

    /** A backup has been given the contents of its disk. */
    void fill(int process, byte[] content) {
        stores.get(process).failNext(0);
        try {
            stores.get(process).write(0, content);
            stores.get(process).flush();
        } catch (IOException e) {
            violation("disk of process %d: %s".formatted(process, e.getMessage()));
        }
    }

    private Node node(int process, Seeded random) {
        Strike strike = setup.strike();
        Node.Clock clock = new Node.Clock(random.below(1L << 40), random.between(-MOST_DRIFT_PPM, MOST_DRIFT_PPM));
        return new Node(
                this,
                process,
                machines.take(process),
                clock,
                strike != null && strike.process() == process ? strike : null);
    }

    /** The switch, or null while there is none. */
    @Nullable
    Switch lan() {
        return lan;
    }

    /** The switch is killed, with all that it had, and started again after a while. */
    void restartSwitch(long nanos) {
        lan = null;
        nodes.forEach(node -> node.host().link().cut(nowNanos));
        outside.disconnect();
        workload.switchLost();
        after(nanos, () -> {
            if (lan == null) {
                Switch fresh = new Switch();
                lan = fresh;
                outside.reconnect(fresh);
            }
        });
    }

    SimDirectory directory() {
        return directory;
    }

    Lines lines() {
        return lines;
    }

    /** What an instruction takes in every process that is not slow. */
    long nanosPerInstruction() {
        return nanosPerInstruction;
    }

    /**
     * How long an output is held at most while nothing is amiss: what the quantum that it falls into may go on for, the way to the backup and
     * back, and on either side a step that had just begun, which is the longest that there is.
     */
    public long promptNanos() {
        return STEPS_NANOS + 4 * latencyNanos + (1 + 2 * Pace.LONGEST_QUANTUM) * SMALLEST_QUANTUM * nanosPerInstruction;
    }

    public long nowNanos() {
        return nowNanos;
    }

    public Trace trace() {
        return trace;
    }

    /** The processes, by their numbers. */
    public List<Node> nodes() {
        return nodes;
    }

    public Outside outside() {
        return outside;
    }

    public Workload workload() {
        return workload;
    }

    public Setup setup() {
        return setup;
    }

    /** Who holds each generation. */
    public Map<Long, String> holders() {
        return directory.holders();
    }

    public Machines machines() {
        return machines;
    }

    /** What every disk held at first. */
    public byte[] firstDisk() {
        return firstDisk.clone();
    }

    /** Whether no process goes on. */
    public boolean ended() {
        for (Node node : nodes) {
            if (node.running()) {
                return false;
            }
        }
        return true;
    }

    /** Whether no process goes on, and nothing is under way any more. */
    public boolean atRest() {
        for (Node node : nodes) {
            if (node.running() || !node.quiet()) {
                return false;
            }
        }
        return true;
    }

    /** The disk of a process. */
    public MemoryBlockStore store(int process) {
        return stores.get(process);
    }

    /** Which process said that it is live, by generation. */
    public Map<Long, String> liveByGeneration() {
        return liveByGeneration;
    }

    /** What was found wrong while the world went on. */
    public List<String> violations() {
        return violations;
    }

    void violation(String what) {
        trace.event(nowNanos, "violation", () -> what);
        violations.add(what);
    }

    void wentLive(Node node, long generation) {
        trace.event(nowNanos, node.name() + " live", generation);
        if (generation == 1 && setup.cold()) {
            mark();
        }
        String other = liveByGeneration.putIfAbsent(generation, node.name());
        if (other != null && !other.equals(node.name())) {
            violation("generation %d: %s and %s are both live".formatted(generation, other, node.name()));
        }
    }

    /** Remembers how far each process is: where what is to be struck begins, or ends. */
    private void mark() {
        if (marks.isEmpty()) {
            nodes.forEach(node -> marks.add(node.crossings()));
        }
    }

    /** Crossings of each process when the first fault came, or when a pair was made; empty if neither happened. */
    public List<Long> marks() {
        return marks;
    }

    /** Ends a process. */
    void kill(Node node, Ending ending) {
        if (node.dead() || node.outcome() != null) {
            return;
        }
        trace.event(nowNanos, node.name() + " killed", ending.ordinal());
        node.die(ending);
        if (ending == Ending.POWER || ending == Ending.CUT) {
            node.lines().forEach(line -> line.vanish(node.side()));
            lines.datagrams(each -> each.vanish(node.side()));
        } else {
            node.lines().forEach(line -> line.die(node.side()));
        }
    }

    /** Does something later. */
    private void at(long nanos, Runnable action) {
        agenda.add(new Due(nanos, ++scheduled, action));
    }

    void after(long nanos, Runnable action) {
        at(nowNanos + nanos, action);
    }

    /** Lets the world go on for so long, or until {@code enough}. */
    public void run(long nanos, BooleanSupplier enough) {
        long until = nowNanos + nanos;
        while (!enough.getAsBoolean() && advance(until)) {
            // One event after the other.
        }
    }

    /** Lets the others go on while a process is stopped in the midst of its work. */
    void passTime(long untilNanos) {
        while (nowNanos < untilNanos && advance(untilNanos)) {
            // One event after the other.
        }
    }

    /** @return false if nothing is due before {@code until}, which it is now */
    private boolean advance(long until) {
        long next = nextNanos();
        if (next > until) {
            nowNanos = Math.max(nowNanos, until);
            return false;
        }
        nowNanos = Math.max(nowNanos, next);
        Due due = agenda.peek();
        if (due != null && due.nanos <= nowNanos) {
            agenda.remove();
            due.action.run();
        }
        for (Node node : nodes) {
            node.step();
        }
        exchange();
        if (workload.nextNanos() <= nowNanos) {
            workload.step(outside, nowNanos);
            exchange();
        }
        return true;
    }

    private long nextNanos() {
        Due due = agenda.peek();
        long next = Math.min(due == null ? Pipe.NEVER : due.nanos, workload.nextNanos());
        for (Node node : nodes) {
            next = Math.min(next, node.nextNanos());
            next = Math.min(next, node.host().link().nextNanos());
        }
        return next;
    }

    /** Moves what is due between links, switch and outside. */
    private void exchange() {
        boolean given = outside.takeChanged();
        for (Node node : nodes) {
            given |= node.host().link().run(nowNanos);
        }
        for (Node node : nodes) {
            node.host().link().fetch(nowNanos);
        }
        if (given && outside.collect()) {
            trace.event(nowNanos, "outside", outside.frames().size() * 1_000_000L + outside.printedBytes());
            workload.step(outside, nowNanos);
        }
    }

    private void befall(Fault fault) {
        trace.event(nowNanos, "fault", fault::toString);
        mark();
        Befalling.of(fault, this, this::after);
    }

    /** Gives the machines back. */
    @Override
    public void close() {
        nodes.forEach(node -> machines.give(node.machine()));
    }

    /** What was wrong at the edges: messages that could not be read. */
    public List<String> failures() {
        List<String> found = new ArrayList<>();
        String failure = outside.failure();
        if (failure != null) {
            found.add(failure);
        }
        for (Node node : nodes) {
            String broken = node.host().link().failure();
            if (broken != null) {
                found.add(broken);
            }
        }
        return found;
    }
}
