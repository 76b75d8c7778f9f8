package hartbeat.proof.world;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.board.DeviceIndexes;
import hartbeat.devices.host.disk.BlockStore;
import hartbeat.devices.host.disk.Fence;
import hartbeat.devices.host.disk.FencedBlockStore;
import hartbeat.devices.host.link.LinkMessage;
import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.machine.Machine;
import hartbeat.ft.arbiter.Arbiter;
import hartbeat.ft.channel.Channel;
import hartbeat.ft.channel.Joining;
import hartbeat.ft.channel.Message;
import hartbeat.ft.channel.PassingChannel;
import hartbeat.ft.channel.Side;
import hartbeat.ft.detector.Timeouts;
import hartbeat.ft.role.Backup;
import hartbeat.ft.role.BackupStart;
import hartbeat.ft.role.Live;
import hartbeat.ft.role.Peer;
import hartbeat.ft.role.PrimaryStart;
import hartbeat.ft.role.Settings;
import hartbeat.ft.run.DiskMode;
import hartbeat.ft.run.Guest;
import hartbeat.ft.run.HostPort;
import hartbeat.ft.run.MachineGuest;
import hartbeat.ft.run.PassingGuest;
import hartbeat.proof.fault.Crossing;
import hartbeat.proof.fault.Seeded;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts the product's parts together in each process of a world, as its composition root does. */
final class Parts {
    private static final long EPOCH_NANOS = 1_700_000_000_000_000_000L;
    private static final long MICRO = 1_000;
    private static final long MILLI = 1_000_000;
    private static final long LINK_BYTES = 64 << 10;
    /** Some links take so little at a time that outputs wait in the process. */
    private static final long NARROW_LINK_BYTES = 256;

    private static final int NARROW_PERCENT = 30;
    /** A spare backup comes at once, or when a first one of which nothing is heard has been given up. */
    private static final long LATE_NANOS = 40_000 * MILLI;

    private static final int SOON_PERCENT = 50;

    private final World world;
    private final Composition composition;
    private final Fence fence = Fence.inMemory();
    private final List<Built> built = new ArrayList<>();
    private final Deque<Integer> backlog = new ArrayDeque<>();
    private int accepted;

    private record Built(Node node, Settings settings, Guest guest, HostPort port, Arbiter arbiter, Seeded chance) {}

    Parts(World world, Composition composition) {
        this.world = world;
        this.composition = composition;
    }

    /** Everything of a process but its role. */
    void compose(Node node, Seeded random) {
        Machines machines = world.machines();
        DeviceIndexes indexes = machines.indexes();
        World.Setup setup = world.setup();
        Seeded chance = Seeded.of(setup.seed(), node.name());
        BlockStore store = setup.disk() == DiskMode.SHARED
                ? new FencedBlockStore(world.store(node.index()), fence)
                : world.store(node.index());
        long service = random.between(20, 600) * MICRO;
        long latency = random.between(10, 200) * MICRO;
        long linkBytes = random.chance(NARROW_PERCENT) ? NARROW_LINK_BYTES : LINK_BYTES;
        Machine machine = node.machine();
        SimHost host = new SimHost(
                world::nowNanos,
                node,
                machine.devices().size(),
                indexes.drives().getFirst(),
                store,
                service,
                chance,
                (sink, wake) -> new SimLink(
                        node.name(), world::lan, hello(), sink, wake, node::scheduled, chance, latency, linkBytes));
        Guest inner = composition.guest(node.index(), new Watched(new MachineGuest(machine), host), machine);
        Probe probe = new Probe(inner, node::crossing, setup.fingerprints() ? () -> fingerprint(machine) : null);
        SimArbiter arbiter = new SimArbiter(
                composition.directory(node.index(), world.directory().mounted(node.index())),
                world.directory()::operationNanos,
                world::nowNanos,
                node);
        node.compose(probe, host, arbiter);
        Settings settings = new Settings(
                node.name(),
                setup.disk(),
                Timeouts.DEFAULT,
                composition.outputRule(),
                text -> world.trace().event(world.nowNanos(), node.name(), () -> text));
        built.add(new Built(
                node,
                settings,
                probe,
                composition.host(node.index(), host),
                composition.arbiter(node.index(), arbiter),
                Seeded.of(setup.seed(), "nonces of " + node.name())));
    }

    /** A pair that is made. */
    void startTogether() {
        Built first = built.getFirst();
        Built second = built.get(1);
        world.directory().begin(1, first.node.name());
        first.node.start(primary(first, stream(first.node, 1), 1));
        second.node.start(backup(second, stream(second.node, 1), 1));
    }

    /** A primary that waits, a backup that connects to it, and one more. */
    void startApart(Seeded random) {
        Built first = built.getFirst();
        first.node.start(waiting(first));
        connectAt(1, random.below(3 * MILLI));
        connectAt(2, random.chance(SOON_PERCENT) ? random.below(6 * MILLI) : LATE_NANOS);
    }

    private void connectAt(int process, long nanos) {
        Built one = built.get(process);
        world.after(nanos, () -> {
            if (one.node.dead()) {
                return;
            }
            Node primary = built.getFirst().node;
            if (primary.running()) {
                backlog.add(process);
                primary.wake();
            } else {
                world.lines().channel(process).refuse();
            }
            one.node.start(joining(one));
        });
    }

    private Channel stream(Node node, int line) {
        SimChannel channel = world.lines().channel(line);
        node.line(channel);
        return composition.channel(node.index(), new Crossed(channel.end(node.side()), node));
    }

    private Live primary(Built of, Channel stream, int line) {
        Steady steady = new Steady(world.lines().datagrams(line).end(Side.PRIMARY), of.settings.timeouts());
        of.node.speaksSteadily(steady);
        Input.WallClock clock = new Input.WallClock(EPOCH_NANOS);
        return Live.primary(of.settings, of.guest, of.port, of.arbiter, 1, new Peer(stream, steady), clock);
    }

    private Backup backup(Built of, Channel stream, long generation) {
        Peer peer = new Peer(stream, world.lines().datagrams(of.node.index()).end(Side.BACKUP));
        return new Backup(of.settings, of.guest, of.port, of.arbiter, generation, peer);
    }

    private PrimaryStart.Identity identity(Built of) {
        return new PrimaryStart.Identity(of.node.name(), World.SECRET, () -> {
            byte[] nonce = new byte[16];
            of.chance.fill(nonce);
            return nonce;
        });
    }

    private Starting waiting(Built of) {
        Machines machines = world.machines();
        BoardConfig config = machines.config();
        Message.Configuration configuration = new Message.Configuration(
                1,
                config.machineId().toBytes(),
                machines.images().digest(config),
                world.setup().disk(),
                config.encode());
        PrimaryStart start = new PrimaryStart(
                identity(of),
                of.arbiter,
                new Stamped(of.node),
                configuration,
                Images.blobs(machines.images(), world.setup().disk() == DiskMode.REPLICATED ? world.firstDisk() : null),
                of.settings.notices());
        return new Starting.Primary(start, () -> next(of.node), stream -> primary(of, stream, accepted));
    }

    /** What is written around a claim goes to the host's storage: a crossing, and no more here. */
    private record Stamped(Node node) implements PrimaryStart.Stamps {
        @Override
        public void claiming(long generation) {
            node.crossing(Crossing.LIVE);
        }

        @Override
        public void won(long generation) {
            node.crossing(Crossing.LIVE);
        }
    }

    private @Nullable Channel next(Node primary) {
        Integer next = backlog.poll();
        if (next == null) {
            return null;
        }
        accepted = next;
        return stream(primary, next);
    }

    private Starting joining(Built of) {
        Channel stream = stream(of.node, of.node.index());
        Images images = new Images();
        BackupStart start = new BackupStart(identity(of), stream, images, of.settings.notices());
        return new Starting.Second(start, joining -> joined(of, stream, joining, images));
    }

    private Backup joined(Built of, Channel stream, Joining joining, Images images) {
        Message.Configuration configuration = joining.configuration();
        if (configuration == null) {
            throw new IllegalStateException("a machine without a configuration");
        }
        BoardConfig config = BoardConfig.decode(configuration.description());
        if (!config.equals(world.machines().config())
                || !images.same(world.machines().images())) {
            world.violation("%s was given another machine".formatted(of.node.name()));
        }
        if (configuration.disk() == DiskMode.REPLICATED) {
            world.fill(of.node.index(), images.disk());
        }
        Backup backup = backup(of, stream, configuration.generation());
        joining.ready(images.images().digest(config));
        return backup;
    }

    private LinkMessage.Hello hello() {
        BoardConfig config = world.machines().config();
        DeviceIndexes indexes = world.machines().indexes();
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
        public @Nullable Emission pollOutput() {
            Emission emission = super.pollOutput();
            if (emission != null) {
                host.observe(emission);
            }
            return emission;
        }
    }

    /** A channel whose messages are crossings. */
    private static final class Crossed extends PassingChannel {
        private final Node node;

        Crossed(Channel inner, Node node) {
            super(inner);
            this.node = node;
        }

        @Override
        public boolean send(Message message) {
            node.crossing(Crossing.MESSAGE);
            boolean sent = super.send(message);
            node.crossing(Crossing.MESSAGE_SENT);
            return sent;
        }
    }
}
