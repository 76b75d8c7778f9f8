package hartbeat.bench.jmh;

import hartbeat.emulator.io.Input;
import hartbeat.emulator.machine.Machine;
import hartbeat.ft.log.Batch;
import hartbeat.ft.log.EntrySupply;
import hartbeat.ft.log.FileRecorder;
import hartbeat.ft.log.LogEntry;
import hartbeat.ft.log.LogFormatException;
import hartbeat.ft.log.Replay;
import hartbeat.ft.log.ReplaySource;
import hartbeat.ft.run.DiskMode;
import hartbeat.ft.run.InputRecorder;
import hartbeat.ft.run.MachineGuest;
import hartbeat.ft.run.PlainRun;
import hartbeat.ft.run.Role;
import hartbeat.ft.run.host.RealTimeLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Instructions per second of whole workloads, in each role that a machine can have. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init")
public class WorkloadBenchmark {
    private static final long INSTRUCTIONS = 20_000_000;
    private static final long REPLAYED_INSTRUCTIONS = 200_000_000;

    /** What a machine is while it runs. */
    public enum As {
        PLAIN,
        RECORD,
        PROTECTED,
        REPLAY
    }

    @Param({"sieve", "matmul", "crc", "list", "qsort", "str", "interp", "fib", "fptr", "wide"})
    public String workload;

    @Param({"PLAIN", "RECORD", "PROTECTED", "REPLAY"})
    public As role;

    private final RealTimeLoop loop = new RealTimeLoop();
    private final List<AutoCloseable> resources = new ArrayList<>();
    private final List<LogEntry> log = new ArrayList<>();
    private long recordedBytes;
    private byte[] beginning = {};
    private String executor;
    private Machine machine;
    private Role running;

    /** What is counted beside the operations. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Count {
        public long instructions;
    }

    /** Starts the machine, and for a replay makes the recording. */
    @Setup(Level.Trial)
    public void start(Executors.Choice choice) throws IOException {
        executor = choice.executor;
        machine = machine();
        MachineGuest guest = new MachineGuest(machine);
        running = switch (role) {
            case PLAIN -> plain(guest, null);
            case RECORD -> plain(guest, new FileRecorder(DiskMode.SHARED, batch -> recordedBytes += batch.length));
            case PROTECTED -> {
                Pair pair = new Pair(loop, guest, new MachineGuest(machine()));
                resources.add(pair);
                yield pair.primary();
            }
            case REPLAY -> recordFirst(guest);
        };
    }

    /** Ends it. */
    @TearDown(Level.Trial)
    public void end() throws Exception {
        for (AutoCloseable resource : resources.reversed()) {
            resource.close();
        }
    }

    /** Runs a fixed number of instructions more; a replay begins again when its log ends. */
    @Benchmark
    public long run(Count count) {
        long before = machine.icount();
        Role.Outcome outcome = loop.run(new Until(running, machine, before + INSTRUCTIONS));
        count.instructions += machine.icount() - before;
        if (role == As.REPLAY && running.outcome() != null) {
            running = replay();
        } else if (outcome == null || outcome.exitCode() != Role.Outcome.DONE) {
            throw new IllegalStateException("the run has ended: " + outcome);
        }
        return machine.icount();
    }

    private Machine machine() {
        BareMachine bare = BareMachine.of(workload, executor);
        resources.add(bare);
        return bare.machine();
    }

    private static Role plain(MachineGuest guest, @Nullable InputRecorder recorder) {
        return new PlainRun(guest, new NullHost(), new Input.WallClock(1), recorder);
    }

    private Role recordFirst(MachineGuest guest) {
        beginning = machine.save();
        List<byte[]> batches = new ArrayList<>();
        FileRecorder recorder = new FileRecorder(DiskMode.SHARED, batches::add);
        loop.run(new Until(plain(guest, recorder), machine, REPLAYED_INSTRUCTIONS));
        recorder.end(machine.icount(), "enough", loop.nowNanos());
        try {
            for (byte[] batch : batches) {
                LogEntry last = log.isEmpty() ? null : log.getLast();
                log.addAll(Batch.open(batch, last == null ? 1 : last.position() + 1, last == null ? 0 : last.icount()));
            }
        } catch (LogFormatException e) {
            throw new IllegalStateException(e);
        }
        return replay();
    }

    private Role replay() {
        machine.restore(beginning);
        return new Replay(new MachineGuest(machine), new Listed(log), ReplaySource.LocalDisk.NONE, _ -> {});
    }

    /** A role until its machine has come so far. */
    private record Until(Role role, Machine machine, long icount) implements Role {
        @Override
        public long poll(long nowNanos) {
            return role.poll(nowNanos);
        }

        @Override
        public @Nullable Outcome outcome() {
            return machine.icount() >= icount ? new Outcome(Outcome.DONE, "far enough") : role.outcome();
        }
    }

    /** Entries out of memory. */
    private static final class Listed implements EntrySupply {
        private final List<LogEntry> entries;
        private int next;

        Listed(List<LogEntry> entries) {
            this.entries = entries;
        }

        @Override
        public @Nullable LogEntry peek() {
            return next < entries.size() ? entries.get(next) : null;
        }

        @Override
        public void take() {
            next++;
        }
    }
}
