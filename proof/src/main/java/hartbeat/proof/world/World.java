package hartbeat.proof.world;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.board.DeviceIndexes;
import hartbeat.devices.host.disk.BlockStore;
import hartbeat.devices.host.disk.Fence;
import hartbeat.devices.host.disk.FencedBlockStore;
import hartbeat.devices.host.disk.MemoryBlockStore;
import hartbeat.devices.host.link.LinkMessage;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.machine.Machine;
import hartbeat.ft.arbiter.Arbiter;
import hartbeat.ft.channel.Channel;
import hartbeat.ft.channel.Message;
import hartbeat.ft.channel.Secret;
import hartbeat.ft.channel.Side;
import hartbeat.ft.detector.HeartbeatCodec;
import hartbeat.ft.detector.HeartbeatPort;
import hartbeat.ft.detector.Timeouts;
import hartbeat.ft.role.Backup;
import hartbeat.ft.role.Live;
import hartbeat.ft.role.Peer;
import hartbeat.ft.role.Settings;
import hartbeat.ft.run.DiskMode;
import hartbeat.ft.run.Guest;
import hartbeat.ft.run.HostPort;
import hartbeat.ft.run.MachineGuest;
import hartbeat.ft.run.PassingGuest;
import hartbeat.ft.run.Role;
import hartbeat.lan.Switch;
import hartbeat.proof.fault.Crossing;
import hartbeat.proof.fault.Ending;
import hartbeat.proof.fault.Fault;
import hartbeat.proof.fault.Seeded;
import hartbeat.proof.fault.Strike;
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
    private static final long EPOCH_NANOS = 1_700_000_000_000_000_000L;
    private static final long MICRO = 1_000;
    private static final long[] NANOS_PER_INSTRUCTION = {10, 10, 100, 1_000};
    private static final long MOST_DRIFT_PPM = 40_000;
    private static final long LINK_BYTES = 64 << 10;
    /** Some links take so little at a time that outputs wait in the process. */
    private static final long NARROW_LINK_BYTES = 256;

    private static final int NARROW_PERCENT = 30;
    private static final long STEPS_NANOS = 1_000_000;
    /** As the product's; a slow machine runs no shorter ones. */
    private static final long SMALLEST_QUANTUM = 1_000;

    private static final long CHANNEL_BYTES = 1 << 20;
    private static final byte[] SECRET =
            "a secret of the simulation alone".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private final Setup setup;
    private final Machines machines;
    private final Trace trace;
    private final Switch lan = new Switch();
    private final SimArbiter arbiter;
    private final SimChannel channel;
    private final SimDatagrams datagrams;
    private final Outside outside;
    private final Workload workload;
    private final List<Node> nodes = new ArrayList<>();
    private final List<MemoryBlockStore> stores = new ArrayList<>();
    private final PriorityQueue<Due> agenda = new PriorityQueue<>();
    private final Map<Long, String> liveByGeneration = new TreeMap<>();
    private final List<String> violations = new ArrayList<>();
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
     * @param strike what befalls a process at one of its crossings, or null
     * @param fingerprints whether the harness digests whole states itself, wherever the product takes a digest
     */
    public record Setup(
            long seed,
            DiskMode disk,
            List<Fault.Timed> faults,
            @Nullable Strike strike,
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
        nanosPerInstruction = NANOS_PER_INSTRUCTION[(int) random.below(NANOS_PER_INSTRUCTION.length)];
        arbiter = new SimArbiter(this::nowNanos, "primary");
        channel = new SimChannel(this::nowNanos, Seeded.of(setup.seed(), "channel"), latencyNanos, CHANNEL_BYTES);
        datagrams = new SimDatagrams(
                this::nowNanos,
                Seeded.of(setup.seed(), "datagrams"),
                new HeartbeatCodec(
                        new Secret(SECRET), machines.config().machineId().toBytes()),
                latencyNanos);
        outside = new Outside(lan);
        makeDisks();
        Fence fence = Fence.inMemory();
        for (Side side : Side.values()) {
            Node node = node(side, random);
            nodes.add(node);
            compose(node, random, composition, fence);
        }
        setup.faults().forEach(timed -> at(BEGIN_NANOS + timed.atNanos(), () -> befall(timed.fault())));
    }

    private void makeDisks() {
        BoardConfig.Drive drive = machines.config().drives().getFirst();
        byte[] content = new byte[(int) drive.sectors() * BlockStore.SECTOR_BYTES];
        Seeded.of(setup.seed(), "disk").fill(content);
        MemoryBlockStore first = new MemoryBlockStore(content);
        stores.add(first);
        stores.add(setup.disk() == DiskMode.SHARED ? first : new MemoryBlockStore(content));
        firstDisk = content;
    }

    private Node node(Side side, Seeded random) {
        Strike strike = setup.strike();
        Node.Clock clock = new Node.Clock(random.below(1L << 40), random.between(-MOST_DRIFT_PPM, MOST_DRIFT_PPM));
        return new Node(
                this,
                side.ordinal(),
                side,
                machines.take(side.ordinal()),
                clock,
                strike != null && strike.process() == side.ordinal() ? strike : null);
    }

    private void compose(Node node, Seeded random, Composition composition, Fence fence) {
        DeviceIndexes indexes = machines.indexes();
        Seeded chance = Seeded.of(setup.seed(), node.name());
        BlockStore store = setup.disk() == DiskMode.SHARED
                ? new FencedBlockStore(stores.get(node.index()), fence)
                : stores.get(node.index());
        long service = random.between(20, 600) * MICRO;
        long latency = random.between(10, 200) * MICRO;
        long linkBytes = random.chance(NARROW_PERCENT) ? NARROW_LINK_BYTES : LINK_BYTES;
        Machine machine = node.machine();
        SimHost host = new SimHost(
                this::nowNanos,
                node,
                machine.devices().size(),
                indexes.drives().getFirst(),
                store,
                service,
                chance,
                (sink, wake) -> new SimLink(
                        node.name(), lan, hello(), sink, wake, node::scheduled, chance, latency, linkBytes));
        Guest inner = composition.guest(node.index(), new Watched(new MachineGuest(machine), host), machine);
        Probe probe = new Probe(inner, node::crossing, setup.fingerprints() ? () -> fingerprint(machine) : null);
        HostPort port = composition.host(node.index(), host);
        Arbiter end = composition.arbiter(node.index(), arbiter.end(node::wake));
        node.compose(probe, host, role(node, probe, port, end, composition));
    }

    private Role role(Node node, Guest guest, HostPort port, Arbiter end, Composition composition) {
        Settings settings = new Settings(
                node.name(),
                setup.disk(),
                Timeouts.DEFAULT,
                composition.outputRule(),
                text -> trace.event(nowNanos, node.name(), () -> text));
        Channel stream = new Crossed(channel.end(node.side()), node);
        HeartbeatPort beats = datagrams.end(node.side());
        return switch (node.side()) {
            case PRIMARY -> {
                Steady steady = new Steady(beats, settings.timeouts());
                node.speaksSteadily(steady);
                Input.WallClock clock = new Input.WallClock(EPOCH_NANOS);
                yield Live.primary(settings, guest, port, end, 1, new Peer(stream, steady), clock);
            }
            case BACKUP -> new Backup(settings, guest, port, end, 1, new Peer(stream, beats));
        };
    }

    private LinkMessage.Hello hello() {
        BoardConfig config = machines.config();
        DeviceIndexes indexes = machines.indexes();
        return new LinkMessage.Hello(
                config.machineId().toString(),
                "guest",
                List.of(new LinkMessage.Nic(
                        indexes.nics().getFirst(),
                        config.nics().getFirst().mac().bits())),
                List.of(new LinkMessage.Console(indexes.uart())));
    }

    private static long fingerprint(Machine machine) {
        long hash = 0;
        byte[] state = machine.save();
        for (int i = 0; i < state.length; i++) {
            hash = hash * 1_000_003 + state[i];
        }
        return hash;
    }

    /** A guest whose outputs the link looks at, as in the product's composition. */
    private static final class Watched extends PassingGuest {
        private final SimHost host;

        Watched(Guest inner, SimHost host) {
            super(inner);
            this.host = host;
        }

        @Override
        public hartbeat.emulator.io.@Nullable Emission pollOutput() {
            hartbeat.emulator.io.Emission emission = super.pollOutput();
            if (emission != null) {
                host.observe(emission);
            }
            return emission;
        }
    }

    /** A channel whose messages are crossings. */
    private record Crossed(Channel inner, Node node) implements Channel {
        @Override
        public boolean send(Message message) {
            node.crossing(Crossing.MESSAGE);
            boolean sent = inner.send(message);
            node.crossing(Crossing.MESSAGE_SENT);
            return sent;
        }

        @Override
        public @Nullable Message receive() {
            return inner.receive();
        }

        @Override
        public @Nullable String closed() {
            return inner.closed();
        }

        @Override
        public void trust() {
            inner.trust();
        }

        @Override
        public void close(String why) {
            inner.close(why);
        }
    }

    /** What an instruction takes in every process that is not slow. */
    long nanosPerInstruction() {
        return nanosPerInstruction;
    }

    /** How long an output is held at most while nothing is amiss: the way to the backup and back, and the steps of both. */
    public long promptNanos() {
        return STEPS_NANOS + 4 * latencyNanos + 2 * SMALLEST_QUANTUM * nanosPerInstruction;
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

    public SimArbiter arbiter() {
        return arbiter;
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

    SimChannel channel() {
        return channel;
    }

    void violation(String what) {
        trace.event(nowNanos, "violation", () -> what);
        violations.add(what);
    }

    void wentLive(Node node, long generation) {
        trace.event(nowNanos, node.name() + " live", generation);
        String other = liveByGeneration.putIfAbsent(generation, node.name());
        if (other != null && !other.equals(node.name())) {
            violation("generation %d: %s and %s are both live".formatted(generation, other, node.name()));
        }
    }

    /** Ends a process. */
    void kill(Node node, Ending ending) {
        if (node.dead() || node.outcome() != null) {
            return;
        }
        trace.event(nowNanos, node.name() + " killed", ending.ordinal());
        node.die(ending);
        if (ending == Ending.POWER || ending == Ending.CUT) {
            channel.vanish(node.side());
            datagrams.vanish(node.side());
        } else {
            channel.die(node.side());
        }
    }

    /** Does something later. */
    private void at(long nanos, Runnable action) {
        agenda.add(new Due(nanos, ++scheduled, action));
    }

    private void after(long nanos, Runnable action) {
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
        Befalling.of(fault, this, channel, datagrams, arbiter, this::after);
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
