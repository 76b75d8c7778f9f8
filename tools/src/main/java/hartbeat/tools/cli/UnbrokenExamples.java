package hartbeat.tools.cli;

import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;

/** A command's help. Its examples are to be copied, so that no line of them is broken, however narrow the terminal. */
public final class UnbrokenExamples extends Help {
    private final String[] examples;

    public UnbrokenExamples(CommandSpec command, ColorScheme colours) {
        super(command, colours);
        examples = command.usageMessage().footer();
    }

    @Override
    public String footer(Object... parameters) {
        return examples.length == 0 ? "" : String.join("\n", examples) + "\n";
    }
}
