package hartbeat.bench;

import hartbeat.bench.compare.QemuCommand;
import hartbeat.bench.jmh.JmhCommand;
import hartbeat.tools.UserError;
import hartbeat.tools.cli.Failures;
import hartbeat.tools.cli.UnbrokenExamples;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Entry of {@code ./hartbeat bench}. */
@Command(
        name = "hartbeat bench",
        synopsisSubcommandLabel = "COMMAND",
        description = "How fast Hartbeat is.",
        subcommands = {QemuCommand.class, JmhCommand.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./hartbeat bench qemu --quick       side by side with QEMU, a few minutes",
            "  ./hartbeat bench jmh trap csr       microbenchmarks whose names contain one of these words"
        })
public final class Main implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    private Main() {}

    public static void main(String[] args) {
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(execute(args, new PrintWriter(System.out, true, StandardCharsets.UTF_8), err));
    }

    /** Runs one command line; errors are one line on {@code err}. */
    static int execute(String[] args, PrintWriter out, PrintWriter err) {
        return new CommandLine(new Main())
                .setOut(out)
                .setErr(err)
                .setUsageHelpAutoWidth(true)
                .setHelpFactory(UnbrokenExamples::new)
                .setParameterExceptionHandler(Failures::usage)
                .setExecutionExceptionHandler(Failures::execution)
                .execute(args);
    }

    /** Without a command there is nothing to do but say which there are. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getErr());
        throw UserError.usage("no command given", "try ./hartbeat bench qemu --quick");
    }
}
