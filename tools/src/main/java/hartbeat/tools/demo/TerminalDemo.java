package hartbeat.tools.demo;

import hartbeat.devices.host.HostException;
import hartbeat.tools.ExitCode;
import hartbeat.tools.UserError;
import hartbeat.tools.compose.OwnGuest;
import hartbeat.tools.screen.ConsoleScreen;
import hartbeat.tools.screen.HostTerminal;
import hartbeat.tools.screen.SvgPicture;
import hartbeat.tools.screen.VirtualScreen;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/** The demo on a terminal: the user's own, or an unseen one of which a picture is made. */
public final class TerminalDemo {
    private static final int BUFFER_BYTES = 1024;
    private static final int PICTURE_COLUMNS = 100;
    private static final int PICTURE_ROWS = 28;
    private static final long STEP_MILLIS = 60_000;
    private static final long LOOK_NANOS = 20_000_000;

    private TerminalDemo() {}

    /** Runs until the user leaves. */
    public static int onTerminal() throws IOException, HostException, InterruptedException {
        OwnGuest guest = OwnGuest.require();
        try (HostTerminal terminal = HostTerminal.open();
                ConsoleScreen screen = new ConsoleScreen(
                        terminal.output(),
                        terminal::columns,
                        terminal::rows,
                        terminal.look(ConsoleScreen.Look.STATUS_LINE));
                LiveDemo demo = new LiveDemo(guest, screen)) {
            Thread.ofPlatform().daemon().name("keys").start(() -> read(terminal.input(), demo));
            return demo.await();
        }
    }

    private static void read(InputStream keyboard, LiveDemo demo) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            for (int length = keyboard.read(buffer); length >= 0; length = keyboard.read(buffer)) {
                demo.typed(buffer, length);
            }
        } catch (IOException gone) {
            // As good as the end of its input.
        }
        // The terminal itself has gone, as when its window is closed.
        demo.leave();
    }

    /** Plays a short session on a terminal that only remembers, and draws it. */
    public static int picture(Path file) throws IOException, HostException, InterruptedException {
        OwnGuest guest = OwnGuest.require();
        VirtualScreen terminal = new VirtualScreen(PICTURE_COLUMNS, PICTURE_ROWS);
        Copy seen = new Copy(terminal);
        try (ConsoleScreen screen = new ConsoleScreen(
                        seen, () -> PICTURE_COLUMNS, () -> PICTURE_ROWS, ConsoleScreen.Look.STATUS_LINE);
                LiveDemo demo = new LiveDemo(guest, screen)) {
            seen.await("# $");
            type(demo, "cat /proc/uptime\n");
            seen.await("uptime\\s+[\\d.]+ [\\d.]+\\s");
            type(demo, "guest tick 200 &\n");
            seen.await("tick 5\\s");
            type(demo, "\001k");
            seen.await("taken over[\\s\\S]*tick \\d+\\s[\\s\\S]*tick \\d+\\s[\\s\\S]*tick \\d+\\s");
            type(demo, "kill %1\n");
            type(demo, "cat /proc/uptime\n");
            seen.await("taken over[\\s\\S]*uptime\\s[\\s\\S]*\\d+\\.\\d+ \\d+\\.\\d+\\s");
            seen.await("taken over");
            String picture = SvgPicture.of(terminal, "./hartbeat demo");
            Files.writeString(file, picture);
        } catch (java.nio.file.FileSystemException e) {
            throw UserError.failed("cannot write " + file + ": " + e.getMessage(), "check --screenshot", e);
        }
        return ExitCode.DONE;
    }

    private static void type(LiveDemo demo, String keys) {
        byte[] bytes = keys.getBytes(StandardCharsets.US_ASCII);
        demo.typed(bytes, bytes.length);
    }

    /** Remembers all that was ever shown, so that one can wait for it. */
    private static final class Copy extends FilterOutputStream {
        private final ByteArrayOutputStream all = new ByteArrayOutputStream();

        Copy(VirtualScreen terminal) {
            super(terminal);
        }

        @Override
        public synchronized void write(int b) throws IOException {
            out.write(b);
            all.write(b);
        }

        private synchronized String text() {
            return all.toString(StandardCharsets.ISO_8859_1);
        }

        void await(String pattern) {
            Pattern wanted = Pattern.compile(pattern);
            long deadline = System.nanoTime() + STEP_MILLIS * 1_000_000;
            while (!wanted.matcher(text()).find()) {
                if (System.nanoTime() > deadline) {
                    throw UserError.failed("the screen never showed " + pattern, "run ./hartbeat demo --unattended");
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }
}
