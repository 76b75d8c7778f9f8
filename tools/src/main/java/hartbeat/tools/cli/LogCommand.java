package hartbeat.tools.cli;

import hartbeat.ft.log.LogEntry;
import hartbeat.ft.log.LogPrinter;
import hartbeat.tools.ExitCode;
import hartbeat.tools.compose.LogHeaderText;
import hartbeat.tools.compose.RecordedLog;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what is in a log. */
@Command(
        name = "log",
        sortOptions = false,
        description = {"Print a log file.", "One line for each entry, with position and icount."},
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./hartbeat run --record run.log      makes one",
            "  ./hartbeat log run.log               prints it",
            "  ./hartbeat log --header run.log      the machine that it is of"
        })
public final class LogCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    final CommonOptions common = new CommonOptions();

    @Option(
            names = {"--header"},
            description = "Print only what the log says about its machine.")
    boolean headerOnly;

    @Parameters(paramLabel = "FILE", description = "A log of run --record.")
    @SuppressWarnings("NullAway.Init")
    Path file;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        try (RecordedLog reader = new RecordedLog(file)) {
            if (headerOnly) {
                out.print(LogHeaderText.of(reader.header(), file));
                return ExitCode.DONE;
            }
            for (LogEntry entry = reader.peek(); entry != null; entry = reader.peek()) {
                out.println(LogPrinter.line(entry));
                reader.take();
            }
            String unfinished = reader.unfinished();
            if (unfinished != null) {
                spec.commandLine().getErr().println("hartbeat: " + unfinished);
            }
            return ExitCode.DONE;
        } finally {
            out.flush();
        }
    }
}
