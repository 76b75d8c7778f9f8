package hartbeat.bench.jmh;

import hartbeat.bench.compare.Workloads;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/** What one event of each class of cost takes, whole machine, in nanoseconds. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CostBenchmark {
    /** Of a lap, see {@link Workloads#eventsPerLap}. */
    private static final int EVENTS = 100_000;

    private static final int CHEAP_EVENTS = 10_000_000;
    private static final int REQUESTS = 2_000;

    /** A block of four instructions that jumps back to itself. */
    public static class Dispatch extends GuestClass {
        public Dispatch() {
            super("dispatch");
        }
    }

    /** A load that hits. */
    public static class Load extends GuestClass {
        public Load() {
            super("load");
        }
    }

    /** A store that hits. */
    public static class Store extends GuestClass {
        public Store() {
            super("store");
        }
    }

    /** The first load from a page after SFENCE.VMA, under Sv32. */
    public static class Tlb extends GuestClass {
        public Tlb() {
            super("tlb");
        }
    }

    /** ECALL, a handler of four instructions, MRET. */
    public static class Trap extends GuestClass {
        public Trap() {
            super("trap");
        }
    }

    /** CSRRW of mscratch. */
    public static class Csr extends GuestClass {
        public Csr() {
            super("csr");
        }
    }

    /** A load from a register of the UART. */
    public static class Mmio extends GuestClass {
        public Mmio() {
            super("mmio");
        }
    }

    /** A write of satp, SFENCE.VMA and loads from four pages. */
    public static class Switch extends GuestClass {
        public Switch() {
            super("switch");
        }
    }

    /** A page fault, a handler that makes the page present, SRET. */
    public static class Fault extends GuestClass {
        public Fault() {
            super("fault");
        }
    }

    /** A software interrupt from its store to MRET. */
    public static class Interrupt extends GuestClass {
        public Interrupt() {
            super("interrupt");
        }
    }

    /** A request to the source of entropy, its interrupt awaited in WFI. */
    public static class Virtio extends GuestClass {
        public Virtio() {
            super("virtio");
        }
    }

    /** An instruction that is run a few times after the store that has made its page's code void. */
    public static class Translate extends GuestClass {
        public Translate() {
            super("translate");
        }
    }

    @Benchmark
    @OperationsPerInvocation(CHEAP_EVENTS)
    public long dispatch(Dispatch guest) {
        return guest.lap();
    }

    @Benchmark
    @OperationsPerInvocation(CHEAP_EVENTS)
    public long load(Load guest) {
        return guest.lap();
    }

    @Benchmark
    @OperationsPerInvocation(CHEAP_EVENTS)
    public long store(Store guest) {
        return guest.lap();
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long tlbMiss(Tlb guest) {
        return guest.lap();
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long trap(Trap guest) {
        return guest.lap();
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long csr(Csr guest) {
        return guest.lap();
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long mmio(Mmio guest) {
        return guest.lap();
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long contextSwitch(Switch guest) {
        return guest.lap();
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long pageFault(Fault guest) {
        return guest.lap();
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long interrupt(Interrupt guest) {
        return guest.lap();
    }

    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public long virtioRequest(Virtio guest) {
        return guest.lap();
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long translation(Translate guest) {
        return guest.lap();
    }
}
