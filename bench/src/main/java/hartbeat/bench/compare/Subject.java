package hartbeat.bench.compare;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something that is run as a whole: one process (or pair) from start to end. It holds one workload or several. */
public sealed interface Subject {
    /** Names it in messages. */
    String name();

    /** Laps of each workload in it; 0 if it marks none. */
    int laps();

    /** Key of a workload in the results, by the name with which the guest marks its laps. */
    String key(String marked);

    /**
     * A bare-metal program.
     *
     * @param elf starts at the beginning of RAM in M-mode
     * @param laps that it is asked for with {@code laps=N} on the kernel line
     * @param twin the same program for the host, which takes laps and name as arguments; null if there is none
     */
    record Bare(String name, Path elf, int laps, @Nullable Path twin) implements Subject {
        /** A class of cost is no workload, and its figures are in no mean. */
        static final String CLASS_PREFIX = "class-";

        boolean isClass() {
            return name.startsWith(CLASS_PREFIX);
        }

        @Override
        public String key(String marked) {
            return name;
        }
    }

    /**
     * The Linux guest with a list of workloads, one after the other, after it has booted.
     *
     * @param names as the guest knows them
     * @param twins those of {@code names} that the program for the host has as well
     */
    record Linux(Path kernel, Path initrd, Path firmware, int laps, List<String> names, List<String> twins, Path twin)
            implements Subject {
        /** Marked by the guest when its start-up is over. */
        public static final String BOOT = "boot";

        static final String PREFIX = "linux-";

        @Override
        public String name() {
            return "linux";
        }

        @Override
        public String key(String marked) {
            return PREFIX + marked;
        }
    }
}
