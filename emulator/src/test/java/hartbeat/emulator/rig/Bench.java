package hartbeat.emulator.rig;

import hartbeat.emulator.machine.Stop;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Speed of an executor on the bare workloads: {@code Bench STEP|BLOCK DIR REPS-FACTOR NAME...}. The word at 0x80f00000 is the number
 * of repetitions; a store of 0x5555 to the syscon ends a run.
 */
public final class Bench {
    private Bench() {}

    /** CPU time of this thread in nanoseconds: other work on the host does not count. */
    private static long threadCpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[1]);
        int repetitions = Integer.parseInt(arguments[2]);
        for (int i = 3; i < arguments.length; i++) {
            try (Rig rig = new Rig(Rig.Kind.valueOf(arguments[0]), 1, 64 << 20)) {
                rig.loadElf(Files.readAllBytes(directory.resolve(arguments[i] + ".elf")));
                rig.memory().i32(0x80f0_0000L, repetitions);
                long begin = threadCpu();
                long last = begin;
                long lastCount = 0;
                Stop stop = Stop.REACHED;
                double best = 0;
                while (!rig.printed().endsWith("\n") && stop == Stop.REACHED && last - begin < 12_000_000_000L) {
                    stop = rig.run(20_000_000);
                    long now = threadCpu();
                    long count = rig.machine().icount();
                    best = Math.max(best, (count - lastCount) * 1e3 / (now - last));
                    last = now;
                    lastCount = count;
                }
                System.out.printf(
                        "%-8s %6.0f MIPS best, %6.0f whole run, %d instructions %s %s%n",
                        arguments[i],
                        best,
                        lastCount * 1e3 / (last - begin),
                        lastCount,
                        stop,
                        rig.printed().trim());
            }
        }
    }
}
