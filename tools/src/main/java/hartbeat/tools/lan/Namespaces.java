package hartbeat.tools.lan;

import hartbeat.devices.host.HostException;
import hartbeat.devices.host.posix.Posix;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Lets a user who is not root have a tap: the switch's process is started again inside a user and a network namespace of its own,
 * where it is root. The tap is then seen from inside only; Unix-domain sockets cross the border, TCP does not.
 */
public final class Namespaces {
    private Namespaces() {}

    /**
     * Starts this process again inside new namespaces, if {@code options} ask for a tap and the user is not root, and waits for
     * it.
     *
     * @return the exit code with which this process should end, or empty if nothing was needed
     * @throws HostException if the host has no unshare command
     */
    public static OptionalInt enterIfNeeded(SwitchOptions options) throws HostException {
        boolean tap = options.uplinks().stream().anyMatch(SwitchOptions.Tap.class::isInstance);
        if (!tap || Posix.effectiveUser() == 0) {
            return OptionalInt.empty();
        }
        ProcessHandle.Info self = ProcessHandle.current().info();
        if (self.command().isEmpty() || self.arguments().isEmpty()) {
            throw new HostException(
                    "tap: this process cannot tell its own command line", "start it with: unshare -rn ./hartbeat ..");
        }
        List<String> command = command(self.command().get(), self.arguments().get());
        try {
            Process inside = new ProcessBuilder(command).inheritIO().start();
            System.getLogger(Namespaces.class.getName())
                    .log(
                            System.Logger.Level.INFO,
                            "tap: in a namespace of its own; enter it with:"
                                    + " nsenter --target {0} --user --net --preserve-credentials",
                            Long.toString(inside.pid()));
            // Without its parent nobody would stop the switch.
            Runtime.getRuntime().addShutdownHook(new Thread(inside::destroy));
            return OptionalInt.of(inside.waitFor());
        } catch (IOException e) {
            throw new HostException("tap: " + e.getMessage(), "apt install util-linux, or use --uplink passt", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HostException("tap: interrupted", "start again", e);
        }
    }

    /** The command that runs another one as root of new user and network namespaces. */
    static List<String> command(String program, String... arguments) {
        List<String> command = new ArrayList<>(List.of("unshare", "--user", "--map-root-user", "--net", program));
        command.addAll(List.of(arguments));
        return command;
    }
}
