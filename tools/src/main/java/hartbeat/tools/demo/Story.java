package hartbeat.tools.demo;

import hartbeat.devices.host.HostException;
import hartbeat.ft.run.DiskMode;
import hartbeat.tools.UserError;
import hartbeat.tools.compose.OwnGuest;
import hartbeat.tools.process.Member;
import hartbeat.tools.process.RunDirectory;
import hartbeat.tools.process.StopAtExit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One story from the first instruction to the guest's power-off, with a fault in the middle, and all that is checked on the way. */
final class Story {
    private static final Pattern PROMPT = Pattern.compile("hartbeat:[^\\n]*\\$ |hartbeat:[^\\n]*# ");
    private static final long BOOT_MILLIS = 60_000;
    private static final long SPEED_MILLIS = 60_000;
    private static final long TAKE_OVER_MILLIS = 15_000;
    private static final long END_MILLIS = 20_000;
    private static final long IDLE_NANOS = 3_000_000_000L;
    private static final long BEFORE_NANOS = 2_000_000_000L;
    private static final long AFTER_NANOS = 3_000_000_000L;
    private static final long REQUEST_PERIOD_MICROS = 2_000;
    private static final int TICK_MILLIS = 50;
    private static final int CONNECT_MILLIS = 5_000;

    private final String name;
    private final Fault fault;
    private final DiskMode diskMode;
    private final Report report;
    private final Consumer<String> progress;
    private final ConsoleWatch console = new ConsoleWatch();
    private volatile @Nullable Trio running;

    /**
     * @param name in the report
     * @param progress told what is being done
     */
    Story(String name, Fault fault, DiskMode diskMode, Report report, Consumer<String> progress) {
        this.name = name;
        this.fault = fault;
        this.diskMode = diskMode;
        this.report = report;
        this.progress = progress;
    }

    /** Runs the story; afterwards the directory is kept if a check did not hold. */
    void run(OwnGuest guest) throws IOException, InterruptedException {
        long failuresBefore = report.failures();
        try (RunDirectory directory = RunDirectory.create("hartbeat")) {
            try (StopAtExit stop = new StopAtExit(() -> endAll(directory));
                    Trio trio = start(guest, directory);
                    HubClient hub = HubClient.attach(trio.switchSocket(), console::console)) {
                play(trio, hub);
            } catch (UserError | HostException | IOException e) {
                missing("the story was played to its end", String.valueOf(e.getMessage()));
            }
            if (report.failures() > failuresBefore) {
                directory.keep();
                java.nio.file.Files.writeString(
                        directory.resolve("console.txt"), console.text(), StandardCharsets.ISO_8859_1);
                progress.accept("logs of the processes and the console are in " + directory.path());
            }
        }
    }

    private Trio start(OwnGuest guest, RunDirectory directory) throws IOException, InterruptedException {
        Trio trio = new Trio(guest, directory, diskMode);
        running = trio;
        return trio;
    }

    /** On Ctrl-C and SIGTERM. */
    private void endAll(RunDirectory directory) {
        Trio trio = running;
        if (trio != null) {
            trio.close();
        }
        directory.close();
    }

    private void play(Trio trio, HubClient hub) throws IOException, InterruptedException {
        progress.accept("booting the guest on primary and backup");
        if (!console.await(PROMPT, BOOT_MILLIS)) {
            missing("guest booted", "no shell prompt within %d s".formatted(BOOT_MILLIS / 1000));
            return;
        }
        measured("guest booted to its shell", secondsSince(trio.startedNanos()), "s");
        LogRate idle = LogRate.of(trio.primary());
        pause(IDLE_NANOS);
        measured("longest silence of the primary so far", trio.backup().state().real("longestSilenceMillis"), "ms");
        measured("log bandwidth, idle", idle.mbitPerSecond(), "Mbit/s");

        progress.accept("computing in the guest");
        measured("speed of a computing guest, protected", GuestSpeed.mips(console, hub::type, SPEED_MILLIS), "MIPS");

        hub.type("%s %d &\n".formatted(ConsoleWatch.TICK_COMMAND, TICK_MILLIS));
        progress.accept("sending requests over one TCP connection, writing files, typing at the shell");
        try (ServiceClient client = new ServiceClient(trio.service(), CONNECT_MILLIS, REQUEST_PERIOD_MICROS);
                FileClient files = new FileClient(trio.service(), CONNECT_MILLIS);
                Typist typist = new Typist(hub::type)) {
            LogRate busy = LogRate.of(trio.primary());
            pause(BEFORE_NANOS);
            measured("log bandwidth, busy", busy.mbitPerSecond(), "Mbit/s");
            strike(trio, client);
            pause(AFTER_NANOS);
            typist.finish();
            checkClient(client);
            checkFiles(files);
            checkConsole(typist.typed());
        }
        powerOff(trio, hub);
    }

    /** Does the damage and checks what the pair made of it. */
    private void strike(Trio trio, ServiceClient client) throws InterruptedException {
        client.forgetGap();
        long digestsBefore = trio.backup().state().number("digests");
        progress.accept(fault.title());
        long struckNanos = System.nanoTime();
        Outcome outcome = Outcome.of(fault, trio);
        outcome.strike();
        Member survivor = outcome.awaitSurvivor(TAKE_OVER_MILLIS);
        if (survivor == null) {
            missing("one side goes on", "none went live within %d s".formatted(TAKE_OVER_MILLIS / 1000));
            return;
        }
        Member.Status live = outcome.liveEvent();
        report.add(Check.measured(
                name,
                fault.title() + " to go-live of the " + survivor.name(),
                (live.number("nanos") - struckNanos) / 1e6,
                "ms"));
        check(
                "generation rose by one",
                live.number("generation") == outcome.generationBefore() + 1,
                live.number("generation"),
                "");
        check("digests compared and equal", digestsBefore > 0, digestsBefore, "digests");
        for (Check more : outcome.checkLoser(name)) {
            report.add(more);
        }
    }

    private void checkClient(ServiceClient client) throws InterruptedException {
        measured("longest gap that the client saw", client.longestGap().nanos() / 1e6, "ms");
        boolean all = client.finish(END_MILLIS);
        List<String> complaints = client.complaints();
        report.add(Check.that(
                name,
                "requests over one TCP connection, each answered once and rightly",
                all && complaints.isEmpty(),
                client.answered(),
                "requests",
                complaints.isEmpty() ? "" : complaints.getFirst()));
        check("requests lost", all, client.sent() - client.answered(), "");
        check("guest's uptime is continuous", complaints.isEmpty(), client.uptimeMillis() / 1e3, "s");
    }

    private void checkFiles(FileClient files) throws InterruptedException {
        boolean finished = files.finish(END_MILLIS);
        long whole = finished ? files.verify((int) END_MILLIS) : -1;
        List<String> complaints = files.complaints();
        report.add(Check.that(
                name,
                "records written before, during and after, read back intact",
                finished && complaints.isEmpty() && whole == files.written() && whole > 0,
                whole,
                "records",
                complaints.isEmpty() ? "" : complaints.getFirst()));
    }

    private void checkConsole(int typed) throws InterruptedException {
        boolean came = console.await(Pattern.compile(Pattern.quote(Typist.result(typed))), END_MILLIS);
        int wrong = 0;
        for (int number = 1; number <= typed; number++) {
            wrong += console.occurrences(Typist.result(number)) == 1 ? 0 : 1;
        }
        report.add(Check.that(
                name,
                "command lines typed, each carried out once",
                came && wrong == 0,
                typed,
                "lines",
                wrong == 0 ? "" : wrong + " came not at all or twice"));
        ConsoleWatch.Ticks ticks = console.ticks();
        report.add(Check.that(
                name,
                "console lines, none lost, repeated or garbled",
                ticks.complaint().isEmpty(),
                ticks.count(),
                "lines",
                ticks.complaint()));
    }

    /** The guest switches itself off, the survivor ends with it, and its disk is looked at from outside. */
    private void powerOff(Trio trio, HubClient hub) throws InterruptedException {
        Member survivor = trio.primary().process().alive() && trio.primary().event("end") == null
                ? trio.primary()
                : trio.backup();
        hub.type("poweroff\n");
        boolean ended = survivor.process().awaitExit(END_MILLIS);
        check(
                "guest switched itself off, exit code",
                ended && survivor.process().exitCode() == 0,
                ended ? survivor.process().exitCode() : Double.NaN,
                "");
        FileSystemCheck disk = FileSystemCheck.of(trio.diskCopy(survivor));
        report.add(Check.that(
                name, "file system of the survivor's disk is clean", disk.clean(), disk.exitCode(), "", disk.note()));
    }

    private void check(String what, boolean held, double figure, String unit) {
        report.add(Check.that(name, what, held, figure, unit, ""));
    }

    private void measured(String what, double figure, String unit) {
        report.add(Check.measured(name, what, figure, unit));
    }

    private void missing(String what, String note) {
        report.add(Check.missing(name, what, note));
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    /** Lets the world go on for a while. */
    private static void pause(long nanos) {
        long until = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
