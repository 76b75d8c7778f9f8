package hartbeat.tools.cli;

import hartbeat.ft.log.LogEntry;
import hartbeat.ft.log.LogFormatException;
import hartbeat.ft.log.LogPrinter;
import hartbeat.ft.log.host.LogFileReader;
import hartbeat.tools.ExitCode;
import hartbeat.tools.UserError;
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
        description = "Print a log file: one line for each entry, with position and icount.",
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
        try (LogFileReader reader = new LogFileReader(file)) {
            if (headerOnly) {
                out.println(reader.header());
                out.println(new String(reader.header().description(), java.nio.charset.StandardCharsets.UTF_8));
                return ExitCode.DONE;
            }
            for (LogEntry entry = reader.peek(); entry != null; entry = reader.peek()) {
                out.println(LogPrinter.line(entry));
                reader.take();
            }
            if (reader.tail() != null) {
                throw UserError.failed(file + ": " + reader.tail(), null);
            }
            return ExitCode.DONE;
        } catch (LogFormatException e) {
            throw UserError.failed(file + ": " + e.getMessage(), null, e);
        } finally {
            out.flush();
        }
    }
}
