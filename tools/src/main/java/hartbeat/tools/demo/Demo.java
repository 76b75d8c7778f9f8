package hartbeat.tools.demo;

import hartbeat.ft.run.DiskMode;
import hartbeat.tools.ExitCode;
import hartbeat.tools.UserError;
import hartbeat.tools.compose.OwnGuest;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The unattended demo: plays the stories one after the other and ends with a report. */
public final class Demo {
    private final List<Fault> faults;
    private final DiskMode diskMode;
    private final int repeats;
    private final PrintWriter out;

    /**
     * @param faults the stories, in order
     * @param diskMode of the pair
     * @param repeats how often all of them are played
     */
    public Demo(List<Fault> faults, DiskMode diskMode, int repeats, PrintWriter out) {
        this.faults = faults;
        this.diskMode = diskMode;
        this.repeats = repeats;
        this.out = out;
    }

    /**
     * Plays everything and prints the report.
     *
     * @param json file for the same figures, null for none
     * @return exit code: 0 only if every check held
     */
    public int run(@Nullable Path json) throws IOException, InterruptedException {
        OwnGuest guest = OwnGuest.require();
        Report report = new Report();
        long started = System.nanoTime();
        for (int round = 1; round <= repeats; round++) {
            for (Fault fault : faults) {
                String name = fault.name().toLowerCase(Locale.ROOT) + (repeats == 1 ? "" : " #" + round);
                new Story(name, fault, diskMode, report, line -> say(started, name, line)).run(guest);
            }
        }
        out.println();
        out.print(report.table());
        out.println();
        out.printf(
                "%d checks and figures, %d failed, %.0f s%n",
                report.checks().size(), report.failures(), (System.nanoTime() - started) / 1e9);
        out.flush();
        if (json != null) {
            write(json, report.json());
        }
        return report.held() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private void say(long started, String story, String line) {
        out.printf("[%5.1f s] %s: %s%n", (System.nanoTime() - started) / 1e9, story, line);
        out.flush();
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw UserError.failed("cannot write " + file + ": " + e.getMessage(), "check --json", e);
        }
    }
}
