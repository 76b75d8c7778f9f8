package hartbeat.bench.jmh;

import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.machine.MachineDigest;
import hartbeat.emulator.memory.GuestMemory;
import hartbeat.ft.gate.Gate;
import hartbeat.ft.gate.OutputRule;
import hartbeat.ft.log.LogAppender;
import hartbeat.ft.run.DiskMode;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What protection does for each entry, output and page, in nanoseconds. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init")
public class ComponentBenchmark {
    private static final int ENTRIES = 64;
    private static final int PAGES = 256;

    private final Input[] frames = new Input[ENTRIES];
    private LogAppender appender;
    private Gate gate;
    private long icount;
    private long number;
    private BareMachine machine;

    /** What a busy guest with a network has in its log. */
    @Setup(Level.Trial)
    public void start() {
        for (int i = 0; i < ENTRIES; i++) {
            frames[i] =
                    i % 8 == 0 ? new Input.FrameReceived(5, i + 1, new byte[600]) : new Input.TimeSample(i, 1L << 31);
        }
        appender = new LogAppender(DiskMode.REPLICATED);
        gate = new Gate(OutputRule.APPENDED_AFTER);
        machine = BareMachine.of("fib", "interpreter");
        machine.lap();
        machine.machine().digest();
    }

    /** Gives the memory back. */
    @TearDown(Level.Trial)
    public void end() {
        machine.close();
    }

    /** Entries of a batch, with its checksum; one in eight is a frame of 600 bytes. */
    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public byte @Nullable [] logAppend() {
        for (Input input : frames) {
            icount += 1000;
            appender.input(icount, input, icount);
        }
        return appender.take();
    }

    /** An output through the gate: held, explained, released. */
    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public long gate() {
        long position = number + 1;
        for (int i = 0; i < ENTRIES; i++) {
            number++;
            gate.hold(new Emission(number, icount, new Output.ConsoleOutput(0, new byte[] {'x'})), position);
        }
        gate.acknowledged(position + 1);
        long last = 0;
        for (Emission emission = gate.release(); emission != null; emission = gate.release()) {
            last = emission.number();
        }
        if (last != number) {
            throw new IllegalStateException("gate: expected=%d released, actual=%d".formatted(number, last));
        }
        return last;
    }

    /** A page in a digest of the machine, among as many as a busy guest writes between two digests. */
    @Benchmark
    @OperationsPerInvocation(PAGES)
    public MachineDigest digest() {
        GuestMemory memory = machine.machine().memory();
        long first = GuestMemory.BASE + BareMachine.MEMORY_BYTES / 2;
        for (int i = 0; i < PAGES; i++) {
            memory.i32(first + (long) i * GuestMemory.PAGE_SIZE, i);
        }
        return machine.machine().digest();
    }
}
