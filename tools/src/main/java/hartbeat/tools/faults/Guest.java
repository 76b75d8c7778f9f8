package hartbeat.tools.faults;

import hartbeat.devices.host.HostException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/** The guest of a life: how a machine with it is started, what is asked of it, and what must be true in the end. */
interface Guest {
    String name();

    /** Options of {@code primary} that make the machine, but for the disk. */
    List<String> machine();

    /** Options of {@code switch} beside those for the members. */
    List<String> uplink();

    /** Makes the first disk image. */
    void makeDisk(Path image) throws IOException;

    /** What the console shows once the guest can be asked. */
    String ready();

    long bootMillis();

    /** Whether a fault can be tried on it. */
    boolean takes(Kind kind);

    /** How many faults it is worth while to try on one pair before its end. */
    int mostPassing();

    /** Begins to ask. */
    Load load(Site site, InetSocketAddress lanSwitch, long seed) throws HostException, IOException;

    /** What is typed to switch it off. */
    String off();

    /**
     * What is wrong with the console.
     *
     * @param parts what was printed, by switch
     * @param whole whether no switch was lost, so that nothing may be missing
     * @param typed how many bytes were typed
     */
    List<String> consoleViolations(List<String> parts, boolean whole, int typed);

    /** What is wrong with a disk in the end. */
    List<String> diskViolations(Load load, Path image) throws IOException;
}
