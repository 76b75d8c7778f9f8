package hartbeat.proof.world;

import hartbeat.emulator.memory.GuestMemory;
import hartbeat.ft.channel.Side;
import hartbeat.proof.fault.Fault;

/** Carries faults out, and takes them back when their time is over. */
final class Befalling {
    private static final long CHANNEL_BYTES = 1 << 20;
    private static final long LATENCY_NANOS = 100_000;
    private static final long SERVICE_NANOS = 300_000;
    private static final long ARBITER_NANOS = 2_000_000;

    private final World world;
    private final SimChannel channel;
    private final SimDatagrams datagrams;
    private final SimArbiter arbiter;
    private final Later later;

    /** Does something after a while. */
    @FunctionalInterface
    interface Later {
        void after(long nanos, Runnable action);
    }

    private Befalling(World world, SimChannel channel, SimDatagrams datagrams, SimArbiter arbiter, Later later) {
        this.world = world;
        this.channel = channel;
        this.datagrams = datagrams;
        this.arbiter = arbiter;
        this.later = later;
    }

    static void of(
            Fault fault, World world, SimChannel channel, SimDatagrams datagrams, SimArbiter arbiter, Later later) {
        new Befalling(world, channel, datagrams, arbiter, later).befall(fault);
    }

    private void befall(Fault fault) {
        switch (fault) {
            case Fault.Kill kill -> world.kill(node(kill.process()), kill.ending());
            case Fault.Freeze freeze -> node(freeze.process()).freeze(freeze.nanos());
            case Fault.Partition partition -> {
                if (partition.fromPrimary()) {
                    cut(Side.PRIMARY, true, partition.nanos());
                }
                if (partition.fromBackup()) {
                    cut(Side.BACKUP, true, partition.nanos());
                }
            }
            case Fault.ChannelStall stall ->
                cut(stall.fromPrimary() ? Side.PRIMARY : Side.BACKUP, false, stall.nanos());
            case Fault.ChannelReset _ -> channel.reset();
            case Fault.DatagramLoss loss -> {
                datagrams.loss(loss.lostPercent(), loss.repeatedPercent());
                later.after(loss.nanos(), () -> datagrams.loss(0, 0));
            }
            case Fault.Delay delay -> {
                latency(delay.channelNanos(), delay.datagramNanos());
                later.after(delay.nanos(), () -> latency(LATENCY_NANOS, LATENCY_NANOS));
            }
            case Fault.SmallBuffers small -> {
                capacity(small.bytes());
                later.after(small.nanos(), () -> capacity(CHANNEL_BYTES));
            }
            default -> befallHost(fault);
        }
    }

    private void befallHost(Fault fault) {
        switch (fault) {
            case Fault.LinkStall stall -> {
                SimLink link = node(stall.process()).host().link();
                link.block(true, world.nowNanos());
                later.after(stall.nanos(), () -> link.block(false, world.nowNanos()));
            }
            case Fault.LinkCut cut -> node(cut.process()).host().link().cut(world.nowNanos());
            case Fault.SlowDisk slow -> {
                SimDisk disk = node(slow.process()).host().disk();
                disk.service(slow.serviceNanos(), world.nowNanos());
                later.after(slow.nanos(), () -> disk.service(SERVICE_NANOS, world.nowNanos()));
            }
            case Fault.DiskErrors errors -> world.store(errors.process()).failNext(errors.count());
            case Fault.ArbiterAway away -> {
                arbiter.reachable(false);
                later.after(away.nanos(), () -> arbiter.reachable(true));
            }
            case Fault.ArbiterSlow slow -> {
                arbiter.delay(slow.delayNanos());
                later.after(slow.nanos(), () -> arbiter.delay(ARBITER_NANOS));
            }
            case Fault.ArbiterAnswersLost lost -> {
                arbiter.losesAnswers(true);
                later.after(lost.nanos(), () -> arbiter.losesAnswers(false));
            }
            case Fault.SlowProcessor slow -> {
                Node node = node(slow.process());
                node.slowness(slow.factor());
                later.after(slow.nanos(), () -> node.slowness(1));
            }
            case Fault.FlipBit flip -> flip(node(flip.process()).machine().memory(), flip.page());
            case Fault.Kill _,
                    Fault.Freeze _,
                    Fault.Partition _,
                    Fault.ChannelStall _,
                    Fault.ChannelReset _,
                    Fault.DatagramLoss _,
                    Fault.Delay _,
                    Fault.SmallBuffers _ -> throw new IllegalStateException("no fault of a host: " + fault);
        }
    }

    private Node node(int process) {
        return world.nodes().get(process);
    }

    private void cut(Side from, boolean datagramsToo, long nanos) {
        channel.from(from).block(world.nowNanos());
        if (datagramsToo) {
            datagrams.block(from, true);
        }
        later.after(nanos, () -> {
            channel.from(from).heal(world.nowNanos());
            datagrams.block(from, false);
        });
    }

    private void latency(long channelNanos, long datagramNanos) {
        for (Side side : Side.values()) {
            channel.from(side).latency(channelNanos, channelNanos / 2);
        }
        datagrams.latency(datagramNanos, datagramNanos);
    }

    private void capacity(long bytes) {
        for (Side side : Side.values()) {
            channel.from(side).capacity(bytes);
        }
    }

    private static void flip(GuestMemory memory, int page) {
        long address = GuestMemory.BASE + (long) page * GuestMemory.PAGE_SIZE;
        memory.i8(address, memory.u8(address) ^ 1);
    }
}
