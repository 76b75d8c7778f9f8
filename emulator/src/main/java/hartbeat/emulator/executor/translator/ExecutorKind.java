package hartbeat.emulator.executor.translator;

import hartbeat.emulator.executor.Executor;
import hartbeat.emulator.executor.interpreter.BlockInterpreter;
import hartbeat.emulator.machine.RunState;
import hartbeat.emulator.memory.GuestMemory;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** What a user can choose to run guest code with. The choice is no part of a machine: nothing in its state depends on it. */
public enum ExecutorKind {
    INTERPRETER,
    /** The translator where the host allows, else the interpreter. */
    TRANSLATOR;

    /**
     * Makes executors of this kind.
     *
     * @param notice is told in one line if the host does not allow the translator
     */
    public BiFunction<RunState, GuestMemory, Executor> factory(Consumer<String> notice) {
        return switch (this) {
            case INTERPRETER -> BlockInterpreter::new;
            case TRANSLATOR -> (run, memory) -> translator(run, memory, Translator.Options.USUAL, notice);
        };
    }

    static Executor translator(RunState run, GuestMemory memory, Translator.Options options, Consumer<String> notice) {
        try {
            return Translator.create(run, memory, options);
        } catch (CodeMemory.RefusedException e) {
            notice.accept("the interpreter runs this machine, which is slower; no translator: " + e.getMessage());
            return new BlockInterpreter(run, memory);
        }
    }

    /** As it is written on a command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
