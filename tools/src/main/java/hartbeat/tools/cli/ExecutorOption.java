package hartbeat.tools.cli;

import hartbeat.emulator.executor.translator.ExecutorKind;
import hartbeat.tools.UserError;
import picocli.CommandLine.Option;

/** How guest code is run. Every side may choose its own, since no machine can tell. */
public final class ExecutorOption {
    @Option(
            names = {"--executor"},
            paramLabel = "translator|interpreter",
            defaultValue = "translator",
            description = {
                "How guest code is run: translated to machine code where the host allows it (default), or interpreted.",
                "The guest cannot tell; the sides of a pair may choose differently."
            })
    String executor = "translator";

    boolean take(String option, DirectLine line) {
        if (!option.equals("--executor")) {
            return false;
        }
        executor = line.text();
        return true;
    }

    ExecutorKind kind() {
        for (ExecutorKind kind : ExecutorKind.values()) {
            if (kind.toString().equals(executor)) {
                return kind;
            }
        }
        throw UserError.usage("--executor: expected=translator or interpreter, actual=" + executor, "leave it out");
    }
}
