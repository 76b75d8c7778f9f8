package hartbeat.tools.demo;

import hartbeat.devices.host.HostException;
import hartbeat.ft.run.DiskMode;
import hartbeat.tools.ExitCode;
import hartbeat.tools.UserError;
import hartbeat.tools.compose.OwnGuest;
import hartbeat.tools.process.Member;
import hartbeat.tools.process.RunDirectory;
import hartbeat.tools.process.StopAtExit;
import hartbeat.tools.screen.ConsoleScreen;
import hartbeat.tools.screen.EscapeKeys;
import hartbeat.tools.screen.StatusText;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The demo in a user's hands: the guest's console, a status line, and keys that do the damage. */
final class LiveDemo implements AutoCloseable {
    private static final long REFRESH_MILLIS = 250;
    private static final List<String> HELP = List.of(
            "Ctrl-A k  pull the plug on the primary (SIGKILL)",
            "Ctrl-A p  freeze the primary (SIGSTOP), again: wake it (SIGCONT)",
            "Ctrl-A b  kill the backup",
            "Ctrl-A c  monitor: the state of all three processes",
            "Ctrl-A x  exit      Ctrl-A Ctrl-A  a Ctrl-A for the guest");

    private final ConsoleScreen screen;
    private final RunDirectory directory = RunDirectory.create("hartbeat");
    private final StopAtExit stop = new StopAtExit(this::end);
    private final CountDownLatch left = new CountDownLatch(1);
    private final EscapeKeys keys;
    private final Trio trio;
    private final HubClient hub;
    private boolean frozen;

    /** Starts the three processes. */
    LiveDemo(OwnGuest guest, ConsoleScreen screen) throws IOException, HostException, InterruptedException {
        this.screen = screen;
        screen.notice("starting switch, primary and backup; Ctrl-A h shows the keys");
        trio = new Trio(guest, directory, DiskMode.REPLICATED);
        hub = HubClient.attach(trio.switchSocket(), screen::guest);
        keys = new EscapeKeys(hub::type, key -> obey((char) key));
        Thread.ofPlatform().daemon().name("status line").start(this::showStatus);
        screen.notice("service at %s:%d, for example: nc 127.0.0.1 %d"
                .formatted("127.0.0.1", trio.service().getPort(), trio.service().getPort()));
    }

    Trio trio() {
        return trio;
    }

    /** What the user typed. */
    void typed(byte[] bytes, int length) {
        keys.typed(bytes, length);
    }

    /** Ends the demo as the user does with a key. */
    void leave() {
        left.countDown();
    }

    /** Waits until the user leaves or the machine has ended. */
    int await() throws InterruptedException {
        left.await();
        return ExitCode.DONE;
    }

    /** A process may end between our look at it and what is done to it; the keyboard outlives that. */
    private void obey(char key) {
        try {
            command(key);
        } catch (UserError e) {
            screen.notice(e.line());
        }
    }

    private void command(char key) {
        switch (key) {
            case 'h' -> HELP.forEach(screen::notice);
            case 'k' -> kill(trio.primary(), "pulling the plug on the primary");
            case 'b' -> kill(trio.backup(), "killing the backup");
            case 'p' -> freezeOrWake();
            case 'c' -> {
                for (Member member : List.of(trio.lanSwitch(), trio.primary(), trio.backup())) {
                    screen.notice(describe(member));
                }
            }
            case 'x' -> leave();
            default -> screen.notice("no such key; Ctrl-A h shows them");
        }
    }

    private void kill(Member member, String what) {
        if (member.process().alive()) {
            screen.notice(what + ": SIGKILL to process " + member.process().pid());
            member.process().kill();
        } else {
            screen.notice("the " + member.name() + " is gone already");
        }
    }

    private void freezeOrWake() {
        if (!trio.primary().process().alive()) {
            screen.notice("the primary is gone already");
            return;
        }
        if (frozen) {
            screen.notice("waking the primary: SIGCONT");
            trio.primary().process().wake();
        } else {
            screen.notice("freezing the primary: SIGSTOP; Ctrl-A p again wakes it");
            trio.primary().process().freeze();
        }
        frozen = !frozen;
    }

    private String describe(Member member) {
        if (!member.process().alive()) {
            return "%-8s ended with exit code %d"
                    .formatted(member.name(), member.process().exitCode());
        }
        Member.Status state = member.state();
        String process =
                "%-8s process %d, ".formatted(member.name(), member.process().pid());
        if (member.equals(trio.lanSwitch())) {
            return process
                    + "%d connections, %d machines, frames: %d forwarded, %d flooded, outputs: %d repeats dropped, %d fenced"
                            .formatted(
                                    state.number("connections"),
                                    state.number("machines"),
                                    state.number("forwarded"),
                                    state.number("flooded"),
                                    state.number("repeats"),
                                    state.number("fenced"));
        }
        return process
                + "%s, generation %d, icount %,d, log position %d, digests %d, longest silence of the other %.0f ms"
                        .formatted(
                                state.text("phase").toLowerCase(Locale.ROOT),
                                state.number("generation"),
                                state.number("icount"),
                                state.number("logPosition"),
                                state.number("digests"),
                                state.real("longestSilenceMillis"));
    }

    private void showStatus() {
        boolean backupIsLive = false;
        boolean switchIsGone = false;
        try {
            while (!left.await(REFRESH_MILLIS, TimeUnit.MILLISECONDS)) {
                Member live = liveSide();
                if (live.equals(trio.backup()) && !backupIsLive) {
                    backupIsLive = true;
                    screen.notice("the backup has taken over; the guest goes on");
                }
                if (!switchIsGone && !trio.lanSwitch().process().alive()) {
                    switchIsGone = true;
                    screen.notice(
                            "the switch has gone: the guest runs on, but nobody can see or reach it; Ctrl-A x leaves");
                }
                screen.status(statusLine(live));
                if (!trio.primary().process().alive()
                        && !trio.backup().process().alive()) {
                    screen.notice("the machine has ended");
                    left.countDown();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Member liveSide() {
        return trio.backup().event("live") != null ? trio.backup() : trio.primary();
    }

    private String statusLine(Member live) {
        Member.Status state = live.state();
        boolean alone = !state.text("role").equals("primary");
        return new StatusText(
                        alone ? "live, alone (was %s)".formatted(live.name()) : live.name(),
                        state.number("generation"),
                        state.number("icount"),
                        state.number("mips"),
                        alone ? -1 : trio.backup().state().real("lagMillis"),
                        state.real("logKbitPerSecond"),
                        state.number("heldOutputs"))
                .line();
    }

    private void end() {
        left.countDown();
        trio.close();
        directory.close();
    }

    @Override
    public void close() {
        left.countDown();
        hub.close();
        trio.close();
        directory.close();
        stop.close();
    }
}
