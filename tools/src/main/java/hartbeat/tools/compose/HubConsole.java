package hartbeat.tools.compose;

import hartbeat.devices.host.HostException;
import hartbeat.devices.host.link.LinkAddress;
import hartbeat.tools.ExitCode;
import hartbeat.tools.UserError;
import hartbeat.tools.UserLog;
import hartbeat.tools.lan.ConsoleClient;
import hartbeat.tools.screen.ConsoleScreen;
import hartbeat.tools.screen.EscapeKeys;
import hartbeat.tools.screen.HostTerminal;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** {@code ./hartbeat console}: this terminal, or these pipes, as the console of a guest at a switch. */
public final class HubConsole implements ConsoleClient.Listener {
    private static final int BUFFER_BYTES = 4096;
    private static final long RETRY_NANOS = 5_000_000;

    private final OutputStream out;
    /** Why the connection ended; empty if the user left. */
    private final CompletableFuture<String> end = new CompletableFuture<>();

    private volatile boolean off;

    private HubConsole(OutputStream out) {
        this.out = out;
    }

    /** Stays until the user leaves, the guest switches itself off, or the machine is gone. */
    public static int attach(LinkAddress hub, String machineId) throws HostException, InterruptedException {
        if (stay(hub, machineId)) {
            UserLog.say("the guest has switched itself off");
        }
        return ExitCode.DONE;
    }

    /** @return whether the guest is off; false if the user left */
    private static boolean stay(LinkAddress hub, String machineId) throws HostException, InterruptedException {
        HostTerminal terminal = HostTerminal.present() ? HostTerminal.open() : null;
        try {
            HubConsole console =
                    new HubConsole(terminal == null ? new FileOutputStream(FileDescriptor.out) : terminal.output());
            try (ConsoleClient client = ConsoleClient.connect(hub, machineId, -1, console)) {
                Thread.ofPlatform().daemon().name("console input").start(() -> console.read(client, terminal));
                String reason = console.end.get();
                if (reason.isEmpty()) {
                    return console.off;
                }
                throw UserError.failed("console: " + reason, null);
            } catch (ExecutionException e) {
                throw UserError.failed("console: " + e.getMessage(), null, e);
            }
        } finally {
            if (terminal != null) {
                terminal.close();
            }
        }
    }

    @Override
    public void printed(long position, byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            end.complete("");
        }
    }

    @Override
    public void off() {
        off = true;
        end.complete("");
    }

    @Override
    public void ended(String reason) {
        end.complete(reason);
    }

    private void read(ConsoleClient client, @Nullable HostTerminal terminal) {
        try {
            if (terminal == null) {
                copy(System.in, bytes -> type(client, bytes));
                return;
            }
            ConsoleScreen screen = new ConsoleScreen(
                    terminal.output(), terminal::columns, terminal::rows, terminal.look(ConsoleScreen.Look.COLOURED));
            EscapeKeys keys = new EscapeKeys(bytes -> type(client, bytes), key -> {
                if (key == 'x') {
                    end.complete("");
                } else {
                    screen.notice("Ctrl-A x: leave, the guest goes on   Ctrl-A Ctrl-A: a Ctrl-A for the guest");
                }
            });
            copy(terminal.input(), bytes -> keys.typed(bytes, bytes.length));
            end.complete("");
        } catch (IOException | UncheckedIOException e) {
            end.complete("");
        }
    }

    private interface Bytes {
        void take(byte[] bytes);
    }

    private static void copy(InputStream in, Bytes to) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
            to.take(Arrays.copyOf(buffer, length));
        }
    }

    /** Waits while the hub has no room: a guest that reads nothing holds up who types. */
    private void type(ConsoleClient client, byte[] bytes) {
        while (!client.type(bytes) && !end.isDone()) {
            LockSupport.parkNanos(RETRY_NANOS);
        }
    }
}
