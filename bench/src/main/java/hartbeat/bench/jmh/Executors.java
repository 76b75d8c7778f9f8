package hartbeat.bench.jmh;

import hartbeat.emulator.executor.Executor;
import hartbeat.emulator.executor.translator.ExecutorKind;
import hartbeat.emulator.machine.RunState;
import hartbeat.emulator.memory.GuestMemory;
import java.util.Locale;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The executors that are measured, by the names of {@code --executor}. Another one is added here and nowhere else. */
public final class Executors {
    private Executors() {}

    /** The parameter that every benchmark of a whole machine has. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init")
    public static class Choice {
        @Param({"translator", "interpreter"})
        public String executor;
    }

    /**
     * An executor for a machine.
     *
     * @throws IllegalStateException if this host does not allow it, as another one is not to be measured in its place
     */
    static Executor create(String name, RunState run, GuestMemory memory) {
        return ExecutorKind.valueOf(name.toUpperCase(Locale.ROOT))
                .factory(refusal -> {
                    throw new IllegalStateException(refusal);
                })
                .apply(run, memory);
    }
}
