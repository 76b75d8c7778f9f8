package hartbeat.proof.world;

import hartbeat.emulator.memory.GuestMemory;
import hartbeat.ft.channel.Side;
import hartbeat.proof.fault.Fault;

/** Carries faults out, and takes them back when their time is over. */
final class Befalling {
    private static final long CHANNEL_BYTES = 1 << 20;
    private static final long LATENCY_NANOS = 100_000;
    private static final long SERVICE_NANOS = 300_000;

    private final World world;
    private final Lines lines;
    private final SimDirectory directory;
    private final Later later;

    /** Does something after a while. */
    @FunctionalInterface
    interface Later {
        void after(long nanos, Runnable action);
    }

    private Befalling(World world, Later later) {
        this.world = world;
        this.lines = world.lines();
        this.directory = world.directory();
        this.later = later;
    }

    static void of(Fault fault, World world, Later later) {
        new Befalling(world, later).befall(fault);
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
            case Fault.ChannelReset _ -> lines.channels(SimChannel::reset);
            case Fault.DatagramLoss loss -> {
                lines.datagrams(each -> each.loss(loss.lostPercent(), loss.repeatedPercent()));
                later.after(loss.nanos(), () -> lines.datagrams(each -> each.loss(0, 0)));
            }
            case Fault.Delay delay -> {
                latency(delay.channelNanos(), delay.datagramNanos());
                later.after(delay.nanos(), () -> latency(LATENCY_NANOS, LATENCY_NANOS));
            }
            case Fault.SmallBuffers small -> {
                capacity(small.bytes());
                later.after(small.nanos(), () -> capacity(CHANNEL_BYTES));
            }
            case Fault.Quit quit -> node(quit.process()).quit();
            case Fault.SwitchRestart restart -> world.restartSwitch(restart.nanos());
            case Fault.ArbiterAway _,
                    Fault.ArbiterSlow _,
                    Fault.ArbiterAnswersLost _,
                    Fault.ArbiterFull _,
                    Fault.ArbiterCrash _ -> befallArbiter(fault);
            default -> befallHost(fault);
        }
    }

    private void befallArbiter(Fault fault) {
        switch (fault) {
            case Fault.ArbiterAway away -> {
                directory.reachable(away.process(), false);
                later.after(away.nanos(), () -> directory.reachable(away.process(), true));
            }
            case Fault.ArbiterSlow slow -> {
                directory.slow(slow.operationNanos());
                later.after(slow.nanos(), directory::usual);
            }
            case Fault.ArbiterAnswersLost lost -> {
                directory.losesAnswers(true);
                later.after(lost.nanos(), () -> directory.losesAnswers(false));
            }
            case Fault.ArbiterFull full -> {
                directory.full(true);
                later.after(full.nanos(), () -> directory.full(false));
            }
            case Fault.ArbiterCrash _ -> directory.crash();
            default -> throw new IllegalStateException("no fault of the arbiter: " + fault);
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
            case Fault.SlowProcessor slow -> {
                Node node = node(slow.process());
                node.slowness(slow.factor());
                later.after(slow.nanos(), () -> node.slowness(1));
            }
            case Fault.FlipBit flip -> flip(node(flip.process()).machine().memory(), flip.page());
            default -> throw new IllegalStateException("no fault of a host: " + fault);
        }
    }

    private Node node(int process) {
        return world.nodes().get(process);
    }

    private void cut(Side from, boolean datagramsToo, long nanos) {
        lines.block(from, datagramsToo, world.nowNanos());
        later.after(nanos, () -> lines.heal(from, world.nowNanos()));
    }

    private void latency(long channelNanos, long datagramNanos) {
        for (Side side : Side.values()) {
            lines.channels(channel -> channel.from(side).latency(channelNanos, channelNanos / 2));
        }
        lines.datagrams(each -> each.latency(datagramNanos, datagramNanos));
    }

    private void capacity(long bytes) {
        for (Side side : Side.values()) {
            lines.channels(channel -> channel.from(side).capacity(bytes));
        }
    }

    private static void flip(GuestMemory memory, int page) {
        long address = GuestMemory.BASE + (long) page * GuestMemory.PAGE_SIZE;
        memory.i8(address, memory.u8(address) ^ 1);
    }
}
