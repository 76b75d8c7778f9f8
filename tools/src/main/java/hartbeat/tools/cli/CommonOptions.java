package hartbeat.tools.cli;

import picocli.CommandLine.Option;

/** Options of every command. */
public final class CommonOptions {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Option(
            names = {"--debug"},
            scope = picocli.CommandLine.ScopeType.LOCAL,
            description = "Show where in the program an error arose.")
    boolean debug;
}
