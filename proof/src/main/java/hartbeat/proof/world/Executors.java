package hartbeat.proof.world;

import hartbeat.emulator.executor.translator.ExecutorKind;

/** What runs the guests of a world. No guest can tell, so a run's trace is the same for all of them. */
public enum Executors {
    INTERPRETER,
    TRANSLATOR,
    /** The first primary has the translator, everyone else the interpreter. */
    MIXED;

    /** What the process of that number has. */
    ExecutorKind of(int process) {
        return switch (this) {
            case INTERPRETER -> ExecutorKind.INTERPRETER;
            case TRANSLATOR -> ExecutorKind.TRANSLATOR;
            case MIXED -> process == 0 ? ExecutorKind.TRANSLATOR : ExecutorKind.INTERPRETER;
        };
    }
}
