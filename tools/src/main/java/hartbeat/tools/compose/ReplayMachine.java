package hartbeat.tools.compose;

import hartbeat.devices.board.boot.BootImages;
import hartbeat.emulator.executor.translator.ExecutorKind;
import hartbeat.emulator.io.Output;
import hartbeat.ft.log.LogFormatException;
import hartbeat.ft.log.Replay;
import hartbeat.ft.log.ReplaySource;
import hartbeat.ft.run.MachineGuest;
import hartbeat.ft.run.Role;
import hartbeat.ft.run.host.RealTimeLoop;
import hartbeat.tools.ExitCode;
import hartbeat.tools.UserError;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** {@code ./hartbeat run --replay}: runs a recorded machine again, shows its console again, and compares every digest. */
public final class ReplayMachine {
    private final Path log;
    private final ExecutorKind executor;

    public ReplayMachine(Path log, ExecutorKind executor) {
        this.log = log;
        this.executor = executor;
    }

    /**
     * Replays the whole log.
     *
     * @param console gets what the guest printed
     * @param messages gets a line about the end
     */
    public int run(OutputStream console, PrintWriter messages) throws IOException {
        try (RecordedLog reader = new RecordedLog(log)) {
            LogDescription description = LogDescription.decode(reader.header().description(), log);
            BootImages images = description.images();
            reader.header().requireConfiguration(images.digest(description.config()));
            BuiltMachine built = Boards.build(description.config(), images, executor);
            Replay replay =
                    new Replay(new MachineGuest(built.machine()), reader, ReplaySource.LocalDisk.NONE, emission -> {
                        if (emission.output() instanceof Output.ConsoleOutput output) {
                            print(console, output.bytes());
                        }
                    });
            Role.Outcome outcome = new RealTimeLoop().run(replay);
            console.flush();
            int exitCode = PlainMachine.exit(outcome);
            if (outcome != null) {
                messages.println("hartbeat: " + outcome.message());
            }
            String unfinished = reader.unfinished();
            if (unfinished != null) {
                messages.println("hartbeat: " + unfinished);
            }
            return exitCode;
        } catch (LogFormatException e) {
            throw UserError.of(ExitCode.FAILED, log + ": " + e.getMessage(), null);
        }
    }

    private static void print(OutputStream console, byte[] bytes) {
        try {
            console.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
