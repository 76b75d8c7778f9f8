package hartbeat.tools.compose;

import hartbeat.tools.screen.ConsoleScreen;
import hartbeat.tools.screen.EscapeKeys;
import hartbeat.tools.screen.HostTerminal;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The guest's console in the terminal that the command was started in, with keys behind Ctrl-A; or on its pipes, where every byte is
 * the guest's and the end of standard input ends nothing.
 */
final class LocalConsole implements AutoCloseable {
    private static final int BUFFER_BYTES = 4096;
    private static final String HELP =
            "Ctrl-A x: exit   Ctrl-A c: monitor   Ctrl-A h: this help   Ctrl-A Ctrl-A: a Ctrl-A for the guest";

    private final @Nullable HostTerminal terminal;
    private final StreamConsole uart;

    private LocalConsole(@Nullable HostTerminal terminal, StreamConsole uart) {
        this.terminal = terminal;
        this.uart = uart;
    }

    /**
     * Connects the first console of the machine; what it prints on others goes the same way.
     *
     * @param monitor answers Ctrl-A c and Ctrl-A x
     */
    static LocalConsole open(MachineHost host, List<Integer> devices, Runnable wake, Monitor monitor) {
        HostTerminal terminal = HostTerminal.present() ? HostTerminal.open() : null;
        OutputStream out = terminal == null ? new FileOutputStream(FileDescriptor.out) : terminal.output();
        StreamConsole first = new StreamConsole(devices.getFirst(), host.sink(), out, wake, monitor::consoleGone);
        host.outside(devices, first);
        LocalConsole console = new LocalConsole(terminal, first);
        Runnable reader = terminal == null ? console::readPipe : () -> console.readKeys(terminal, monitor);
        Thread.ofPlatform().daemon().name("console input").start(reader);
        return console;
    }

    @Override
    public void close() {
        uart.close();
        if (terminal != null) {
            terminal.close();
        }
    }

    private void readPipe() {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = System.in) {
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                uart.typed(java.util.Arrays.copyOf(buffer, length));
            }
        } catch (IOException closed) {
            // Nobody types any more; the guest runs on.
        }
    }

    private void readKeys(HostTerminal keyboard, Monitor monitor) {
        ConsoleScreen screen = new ConsoleScreen(
                keyboard.output(), keyboard::columns, keyboard::rows, keyboard.look(ConsoleScreen.Look.COLOURED));
        EscapeKeys keys = new EscapeKeys(uart::typed, key -> {
            switch (key) {
                case 'x' -> monitor.quit();
                case 'c' -> monitor.converse(keyboard);
                default -> screen.notice(HELP);
            }
        });
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = keyboard.input();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                keys.typed(buffer, length);
            }
            // The terminal itself has gone, as when its window is closed.
            monitor.quit();
        } catch (IOException closed) {
            monitor.quit();
        }
    }
}
