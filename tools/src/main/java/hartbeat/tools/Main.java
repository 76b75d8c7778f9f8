package hartbeat.tools;

import hartbeat.tools.cli.AttackCommand;
import hartbeat.tools.cli.BackupCommand;
import hartbeat.tools.cli.CommonOptions;
import hartbeat.tools.cli.ConsoleCommand;
import hartbeat.tools.cli.CrashpointsCommand;
import hartbeat.tools.cli.DemoCommand;
import hartbeat.tools.cli.DifferCommand;
import hartbeat.tools.cli.DirectLine;
import hartbeat.tools.cli.Failures;
import hartbeat.tools.cli.FaultsCommand;
import hartbeat.tools.cli.LauncherCommands;
import hartbeat.tools.cli.LogCommand;
import hartbeat.tools.cli.PrimaryCommand;
import hartbeat.tools.cli.ProveCommand;
import hartbeat.tools.cli.RunCommand;
import hartbeat.tools.cli.SimulateCommand;
import hartbeat.tools.cli.SwitchCommand;
import hartbeat.tools.cli.UnbrokenExamples;
import hartbeat.tools.cli.VersionText;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Entry of the command line. */
@Command(
        name = "hartbeat",
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "A RISC-V hypervisor emulator with fault tolerance: a virtual machine whose twin goes on at the same"
                    + " instruction, with the same open connections, when its process is killed."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./hartbeat demo                 watch a guest outlive its host process; Ctrl-A h for the keys",
            "  ./hartbeat demo --unattended    the same by itself, with a report; exit code 0 if every check held",
            "  ./hartbeat run                  a Linux guest in this terminal; Ctrl-A x to leave",
            "  ./hartbeat help COMMAND         options and examples of a command",
            "",
            "Exit codes: 0 done, 1 failed, 2 usage, 3 divergence, 4 fenced."
        })
public final class Main implements Runnable {
    /** All commands, in the order of the help. */
    private static final List<Map.Entry<String, Class<?>>> COMMANDS = List.of(
            Map.entry("demo", DemoCommand.class),
            Map.entry("run", RunCommand.class),
            Map.entry("primary", PrimaryCommand.class),
            Map.entry("backup", BackupCommand.class),
            Map.entry("switch", SwitchCommand.class),
            Map.entry("console", ConsoleCommand.class),
            Map.entry("log", LogCommand.class),
            Map.entry("simulate", SimulateCommand.class),
            Map.entry("crashpoints", CrashpointsCommand.class),
            Map.entry("attack", AttackCommand.class),
            Map.entry("faults", FaultsCommand.class),
            Map.entry("differ", DifferCommand.class),
            Map.entry("prove", ProveCommand.class),
            Map.entry("fuzz", LauncherCommands.Fuzz.class),
            Map.entry("bench", LauncherCommands.Bench.class),
            Map.entry("guest", LauncherCommands.Guest.class),
            Map.entry("test", LauncherCommands.Test.class));

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = {"--version"},
            description = "Show the versions of this program and of Java, and how guest code is run.")
    boolean version;

    @Mixin
    final CommonOptions common = new CommonOptions();

    private Main() {}

    public static void main(String[] args) {
        PrintWriter err = new PrintWriter(System.err, true, java.nio.charset.StandardCharsets.UTF_8);
        int exitCode = execute(args, new PrintWriter(System.out, true, java.nio.charset.StandardCharsets.UTF_8), err);
        // Back-ends may have threads of the host's that never end by themselves.
        System.exit(exitCode);
    }

    /** Runs one command line; errors are one line on {@code err}. */
    public static int execute(String[] args, PrintWriter out, PrintWriter err) {
        Callable<Integer> ordinary = DirectLine.read(args);
        if (ordinary != null) {
            return written(call(ordinary, err), out, err);
        }
        CommandLine commandLine = new CommandLine(new Main());
        addCommands(commandLine, args.length == 0 ? "" : args[0]);
        commandLine
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(Failures::usage)
                .setExecutionExceptionHandler(Failures::execution);
        commandLine.setHelpFactory(UnbrokenExamples::new);
        return written(commandLine.execute(args), out, err);
    }

    private static int call(Callable<Integer> command, PrintWriter err) {
        try {
            return command.call();
        } catch (Exception e) {
            return Failures.execution(e, err);
        }
    }

    /** Only the command that is asked for, where it is clear which: to describe all others takes longer than to start a machine. */
    private static void addCommands(CommandLine commandLine, String wanted) {
        boolean known = COMMANDS.stream().anyMatch(command -> command.getKey().equals(wanted));
        for (Map.Entry<String, Class<?>> command : COMMANDS) {
            if (!known || command.getKey().equals(wanted)) {
                commandLine.addSubcommand(command.getKey(), command.getValue());
            }
        }
        if (!known) {
            commandLine.addSubcommand("help", new CommandLine.HelpCommand());
        }
    }

    /** What could not be written was not done, whatever the command thinks of it. */
    private static int written(int exitCode, PrintWriter out, PrintWriter err) {
        if (exitCode != ExitCode.DONE || !out.checkError()) {
            return exitCode;
        }
        err.println("hartbeat: standard output cannot be written (hint: is its disk full, or its reader gone?)");
        return ExitCode.FAILED;
    }

    /** Without a command there is nothing to do but say which there are. */
    @Override
    public void run() {
        if (version) {
            spec.commandLine().getOut().println(VersionText.lines());
            return;
        }
        spec.commandLine().usage(spec.commandLine().getErr());
        throw UserError.usage("no command given", "try ./hartbeat demo");
    }
}
