package hartbeat.tools.faults;

import hartbeat.devices.host.posix.Posix;
import hartbeat.tools.UserError;
import hartbeat.tools.process.OwnCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Namespaces of networks, mounts and processes around all that is tried: nothing in it is seen from outside, and when its first process ends, however that
 * came about, the kernel ends all others. A user who is not root is root in it.
 */
public final class Sandbox {
    private static final Path TAPS = Path.of("/dev/net/tun");

    private Sandbox() {}

    /**
     * The command that runs this program inside.
     *
     * @param arguments of its command line
     * @throws UserError if this host lets this user make no namespaces, or no taps in them
     */
    public static List<String> command(List<String> arguments) {
        requireTaps(TAPS);
        List<String> probe = new ArrayList<>(unshare());
        probe.add("true");
        try {
            Process process =
                    new ProcessBuilder(probe).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw UserError.failed(
                        "no namespaces of our own: " + said.strip(),
                        Posix.effectiveUser() == 0
                                ? "this container is without CAP_SYS_ADMIN"
                                : "run as root, or let users make user namespaces (sysctl user.max_user_namespaces)");
            }
        } catch (IOException e) {
            throw UserError.failed("unshare: " + e.getMessage(), "apt install util-linux", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw UserError.failed("interrupted", null, e);
        }
        List<String> command = new ArrayList<>(unshare());
        command.addAll(OwnCommand.of(arguments));
        return command;
    }

    /** Who is root in a sandbox only has no more right to a device there than outside. */
    static void requireTaps(Path device) {
        if (!Files.exists(device)) {
            throw UserError.failed(device + ": no such device", "load the driver as root: modprobe tun");
        }
        if (!Files.isReadable(device) || !Files.isWritable(device)) {
            throw UserError.failed(device + ": permission denied", "run as root, or let root chmod a+rw " + device);
        }
    }

    private static List<String> unshare() {
        List<String> command = new ArrayList<>(List.of("unshare"));
        if (Posix.effectiveUser() != 0) {
            command.addAll(List.of("--user", "--map-root-user"));
        }
        command.addAll(List.of("--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"));
        return command;
    }

    /** Processes inside other than this one and its threads; meant for the first process of a sandbox. */
    public static List<Long> others() {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> pid != ProcessHandle.current().pid())
                .toList();
    }
}
