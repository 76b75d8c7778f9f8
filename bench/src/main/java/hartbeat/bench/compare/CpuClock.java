package hartbeat.bench.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the operating system has booked for processes: proc(5). */
final class CpuClock {
    /** Units of the times in {@code stat}: the kernel's USER_HZ, which is 100 on every x86-64 and aarch64. */
    private static final double TICKS_PER_SECOND = 100;

    /** Fields 16 and 17, counted from the one behind the command's name, which is field 3. */
    private static final int CHILDREN_USER = 13;

    private CpuClock() {}

    /** CPU time of all children of this process that have ended, and of theirs that they waited for. */
    static double endedChildrenSeconds() {
        return endedChildrenSeconds(read(Path.of("/proc/self/stat")));
    }

    static double endedChildrenSeconds(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[CHILDREN_USER]) + Long.parseLong(fields[CHILDREN_USER + 1])) / TICKS_PER_SECOND;
    }

    /** Largest resident memory of a process so far in bytes; 0 when it has gone. */
    static long peakBytes(long pid) {
        try {
            return peakBytes(Files.readString(Path.of("/proc", Long.toString(pid), "status"), StandardCharsets.UTF_8));
        } catch (IOException gone) {
            return 0;
        }
    }

    static long peakBytes(String status) {
        return status.lines()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElse(0);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
