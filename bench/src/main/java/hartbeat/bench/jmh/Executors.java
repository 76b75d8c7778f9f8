package hartbeat.bench.jmh;

import hartbeat.emulator.executor.Executor;
import hartbeat.emulator.executor.interpreter.BlockInterpreter;
import hartbeat.emulator.machine.RunState;
import hartbeat.emulator.memory.GuestMemory;

/** The executors that are measured, by the names of {@code --executor}. */
public final class Executors {
    /** All of them, as a JMH parameter wants it: another executor is added here and in {@link #create}. */
    public static final String INTERPRETER = "interpreter";

    private Executors() {}

    /** An executor for a machine. */
    static Executor create(String name, RunState run, GuestMemory memory) {
        return switch (name) {
            case INTERPRETER -> new BlockInterpreter(run, memory);
            default -> throw new IllegalArgumentException("executor: expected=" + INTERPRETER + ", actual=" + name);
        };
    }
}
