package hartbeat.proof.differential;

import hartbeat.emulator.executor.Executor;
import hartbeat.emulator.executor.interpreter.BlockInterpreter;
import hartbeat.emulator.executor.interpreter.StepExecutor;
import hartbeat.emulator.executor.translator.CodeMemory;
import hartbeat.emulator.executor.translator.Translator;
import hartbeat.emulator.machine.RunState;
import hartbeat.emulator.memory.GuestMemory;
import hartbeat.proof.fault.Seeded;
import java.util.function.BiFunction;

/**
 * An executor, with what may be chosen about it.
 *
 * @param options of the translator; for others without meaning
 */
record Contender(Kind kind, Translator.Options options) {
    /** Room for the translator's stubs and a few units. */
    private static final int SMALLEST_CODE = 340 << 10;

    enum Kind {
        /** The reference: one instruction at a time, with nothing remembered. */
        STEP,
        BLOCK,
        TRANSLATOR
    }

    static final Contender REFERENCE = new Contender(Kind.STEP, Translator.Options.USUAL);

    /** Any, the translator mostly, with unusual choices. */
    static Contender any(Seeded random) {
        if (random.chance(25)) {
            return new Contender(Kind.BLOCK, Translator.Options.USUAL);
        }
        int codeBytes = random.chance(33) ? SMALLEST_CODE : 1 << 20;
        int threshold = random.chance(33) ? (int) random.below(20) : 0;
        int unitBlocks = random.chance(33) ? (int) random.between(1, 8) : 8;
        return new Contender(Kind.TRANSLATOR, new Translator.Options(codeBytes, threshold, unitBlocks));
    }

    BiFunction<RunState, GuestMemory, Executor> factory() {
        return switch (kind) {
            case STEP -> (run, _) -> new StepExecutor(run);
            case BLOCK -> BlockInterpreter::new;
            case TRANSLATOR -> this::translator;
        };
    }

    private Executor translator(RunState run, GuestMemory memory) {
        try {
            return Translator.create(run, memory, options);
        } catch (CodeMemory.RefusedException e) {
            // What this host cannot translate is interpreted on it, here as in the product.
            return new BlockInterpreter(run, memory);
        }
    }
}
