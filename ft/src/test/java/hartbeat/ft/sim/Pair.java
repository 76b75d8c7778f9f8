package hartbeat.ft.sim;

import hartbeat.emulator.io.Input;
import hartbeat.ft.channel.MemoryChannel;
import hartbeat.ft.channel.Side;
import hartbeat.ft.detector.Timeouts;
import hartbeat.ft.gate.OutputRule;
import hartbeat.ft.role.Backup;
import hartbeat.ft.role.Live;
import hartbeat.ft.role.Peer;
import hartbeat.ft.role.Settings;
import hartbeat.ft.run.DiskMode;
import hartbeat.ft.run.Guest;
import hartbeat.ft.run.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** Primary, backup, channel, heartbeats, arbiter, LAN, disks and a client, in one thread; the product's own classes between them. */
public final class Pair {
    public static final long MILLI = 1_000_000;
    private static final long NANOS_PER_INSTRUCTION = 20;
    private static final long STEP_COST_NANOS = 2_000;
    private static final long LATENCY_NANOS = 100_000;

    public final SimArbiter arbiter = new SimArbiter();
    public final SimLan lan = new SimLan();
    public final SimHeartbeats heartbeats = new SimHeartbeats(LATENCY_NANOS);
    public final MemoryChannel channel;
    public final ToyGuest primaryToy = new ToyGuest();
    public final ToyGuest backupToy = new ToyGuest();
    public final Wrapped primaryGuest;
    public final Wrapped backupGuest;
    public final SimHost primaryHost;
    public final SimHost backupHost;
    public final Live primary;
    public final Backup backup;
    public final List<String> notices = new ArrayList<>();
    public final long seed;
    private final Random random;
    private final Node primaryNode;
    private final Node backupNode;
    private long nowNanos = 1_000_000;
    private long requestEveryNanos = 3 * MILLI;
    private long nextRequestNanos = 5 * MILLI;

    /** What a test may change. */
    public static final class Options {
        public DiskMode disk = DiskMode.REPLICATED;
        public OutputRule rule = OutputRule.APPENDED_AFTER;
        public Function<ToyGuest, Wrapped> primaryGuest = Wrapped::new;
        public double backupSlowness = 1;
        public long channelBytes = 1 << 20;
        public long channelNanos = LATENCY_NANOS;
    }

    private static final class Node {
        final Role role;
        final Guest guest;
        final double slowness;
        long freeNanos;
        long wantsNanos;
        long frozenUntilNanos;
        boolean dead;

        Node(Role role, Guest guest, double slowness) {
            this.role = role;
            this.guest = guest;
            this.slowness = slowness;
        }
    }

    public Pair(long seed) {
        this(seed, new Options());
    }

    public Pair(long seed, Options options) {
        this.seed = seed;
        random = new Random(seed);
        channel = new MemoryChannel(options.channelNanos, options.channelBytes);
        byte[] disk = new byte[64 * 512];
        new Random(seed).nextBytes(disk);
        byte[] second = options.disk == DiskMode.SHARED ? disk : disk.clone();
        primaryHost = new SimHost("primary", lan, disk, seed + 1);
        backupHost = new SimHost("backup", lan, second, seed + 2);
        lan.connect(primaryHost, backupHost);
        primaryGuest = options.primaryGuest.apply(primaryToy);
        backupGuest = new Wrapped(backupToy);
        advance();
        primary = Live.primary(
                settings("primary", options),
                primaryGuest,
                primaryHost,
                arbiter.end(),
                1,
                new Peer(channel.end(Side.PRIMARY), heartbeats.end(Side.PRIMARY)),
                new Input.WallClock(1_700_000_000_000_000_000L));
        backup = new Backup(
                settings("backup", options),
                backupGuest,
                backupHost,
                arbiter.end(),
                1,
                new Peer(channel.end(Side.BACKUP), heartbeats.end(Side.BACKUP)));
        channel.end(Side.PRIMARY).trust();
        channel.end(Side.BACKUP).trust();
        primaryNode = new Node(primary, primaryGuest, 1);
        backupNode = new Node(backup, backupGuest, options.backupSlowness);
    }

    private Settings settings(String name, Options options) {
        return new Settings(
                name, options.disk, Timeouts.DEFAULT, options.rule, text -> notices.add(name + ": " + text));
    }

    public long nowNanos() {
        return nowNanos;
    }

    /** The command that repeats this run. */
    public String repeat() {
        return "seed=%d, repeat: mvn -pl ft -am test -Dtest=PairTest -Dhartbeat.seed=%d; %s"
                .formatted(seed, seed, notices);
    }

    public void requestEvery(long nanos) {
        requestEveryNanos = nanos;
        nextRequestNanos = nanos == Long.MAX_VALUE ? nanos : nowNanos + nanos;
    }

    /** SIGKILL: the kernel closes what the process had open. */
    public void kill(Side side) {
        node(side).dead = true;
        host(side).down();
        channel.die(side);
        heartbeats.cut(side);
    }

    /** SIGSTOP for a while. */
    public void freeze(Side side, long nanos) {
        node(side).frozenUntilNanos = nowNanos + nanos;
    }

    /** The link between the two is gone, and neither is told. */
    public void cutLink() {
        for (Side side : Side.values()) {
            channel.cut(side);
            heartbeats.cut(side);
        }
    }

    public void cutOneWay(Side from) {
        channel.cut(from);
        heartbeats.cut(from);
    }

    public SimHost host(Side side) {
        return side == Side.PRIMARY ? primaryHost : backupHost;
    }

    private Node node(Side side) {
        return side == Side.PRIMARY ? primaryNode : backupNode;
    }

    /** Lets time go on by this much. */
    public void run(long nanos) {
        long until = nowNanos + nanos;
        while (nowNanos < until) {
            advance();
            if (nowNanos >= nextRequestNanos) {
                lan.request();
                nextRequestNanos = nowNanos + requestEveryNanos / 2 + random.nextLong(requestEveryNanos);
                primaryNode.wantsNanos = nowNanos;
                backupNode.wantsNanos = nowNanos;
            }
            step(primaryNode, Side.PRIMARY);
            step(backupNode, Side.BACKUP);
            long next = Math.min(until, nextRequestNanos);
            next = Math.min(next, Math.min(nextFor(primaryNode, Side.PRIMARY), nextFor(backupNode, Side.BACKUP)));
            nowNanos = Math.max(nowNanos + 1_000, next);
        }
    }

    private void advance() {
        arbiter.now(nowNanos);
        lan.now(nowNanos);
        heartbeats.now(nowNanos);
        channel.now(nowNanos);
        if (primaryHost != null) {
            primaryHost.now(nowNanos);
            backupHost.now(nowNanos);
        }
    }

    private void step(Node node, Side side) {
        if (node.dead || nowNanos < node.freeNanos || nowNanos < node.frozenUntilNanos || node.role.outcome() != null) {
            return;
        }
        if (nowNanos < node.wantsNanos
                && nowNanos < channel.nextArrivalNanos(side)
                && nowNanos < host(side).nextNanos()) {
            return;
        }
        long before = node.guest.icount();
        node.wantsNanos = node.role.poll(nowNanos);
        long ran = node.guest.icount() - before;
        node.freeNanos = nowNanos + STEP_COST_NANOS + (long) (ran * NANOS_PER_INSTRUCTION * node.slowness);
        if (node.role.outcome() != null) {
            notices.add(side + ": " + node.role.outcome());
            channel.die(side);
            host(side).down();
        }
    }

    private long nextFor(Node node, Side side) {
        if (node.dead || node.role.outcome() != null) {
            return Long.MAX_VALUE;
        }
        long next = Math.min(
                node.wantsNanos,
                Math.min(channel.nextArrivalNanos(side), host(side).nextNanos()));
        return Math.max(next, Math.max(node.freeNanos, node.frozenUntilNanos));
    }
}
