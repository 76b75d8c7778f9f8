package hartbeat.tools.compose;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.board.MacAddress;
import hartbeat.devices.board.VirtBoard;
import hartbeat.devices.board.boot.BootImages;
import hartbeat.emulator.executor.translator.CodeMemory;
import hartbeat.emulator.executor.translator.ExecutorKind;
import hartbeat.emulator.executor.translator.Translator;
import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.machine.Machine;
import hartbeat.emulator.machine.Stop;
import hartbeat.tools.cli.MachineSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Interpreter and translator boot Linux and run its benchmark, in lockstep: equal outputs and equal digests at random stops. A longer
 * campaign: {@code mvn -pl tools -am test -Dtest=LinuxLockstepTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dhartbeat.instructions=1e10}; it prints how far it has come.
 */
final class LinuxLockstepTest {
    private static final long REPORT = 500_000_000;

    static boolean guestIsBuilt() {
        return OwnGuest.find() != null;
    }

    @Test
    @EnabledIf("guestIsBuilt")
    void linuxRunsAlike() throws Exception {
        long wanted = (long) Double.parseDouble(System.getProperty("hartbeat.instructions", "4e7"));
        long seed = Long.getLong("hartbeat.seed", 1);
        long done = 0;
        for (; done < wanted; seed++) {
            done += new Lockstep(seed).run(wanted - done, done);
        }
        System.out.printf("linux in lockstep: %d instructions on each executor, equal%n", done);
    }

    /** Two machines from one seed. */
    private static final class Lockstep {
        private final long seed;
        private final Random random;
        private final StringBuilder printed = new StringBuilder();

        Lockstep(long seed) {
            this.seed = seed;
            random = new Random(seed);
        }

        /** Runs to the guest's power-off, or so many instructions; gives their number. */
        long run(long most, long before) throws Exception {
            MachineSpec spec = spec(seed % 4 == 3 ? 2 : 1);
            BootImages images = BootFiles.read(spec);
            BoardConfig config = Configurations.of(spec, List.of());
            Machine one = VirtBoard.build(config, images);
            Translator.Options options = options();
            Machine two = VirtBoard.build(config, images, (run, memory) -> {
                try {
                    return Translator.create(run, memory, options);
                } catch (CodeMemory.RefusedException e) {
                    throw new AssertionError("this test needs a host that the translator can write code for", e);
                }
            });
            try (var first = one.memory();
                    var second = two.memory()) {
                long reported = 0;
                Stop stop = Stop.REACHED;
                apply(one, two, new Input.TimeSample(0, random.nextLong(1L << 28, 1L << 32)));
                while (stop != Stop.OFF && one.icount() < most) {
                    stop = step(one, two);
                    if ((before + one.icount()) / REPORT > (before + reported) / REPORT) {
                        System.out.printf("linux in lockstep: %.1fe9 instructions%n", (before + one.icount()) / 1e9);
                    }
                    reported = one.icount();
                }
                compare(one, two);
                return one.icount();
            }
        }

        private Stop step(Machine one, Machine two) {
            long count = random.nextInt(4) == 0 ? random.nextInt(1, 200) : random.nextInt(1, 600_000);
            long limit = one.icount() + count;
            Stop stop = one.runUntil(limit);
            assertThat(two.runUntil(limit)).as(this::about).isEqualTo(stop);
            assertThat(two.icount()).as(this::about).isEqualTo(one.icount());
            switch (stop) {
                case OUTPUT -> outputs(one, two);
                case IDLE -> apply(one, two, new Input.TimeSample(one.clock().deadlineMtime(), rate()));
                case REACHED, OFF -> {
                    if (random.nextInt(8) == 0) {
                        apply(one, two, new Input.TimeSample(one.clock().mtime(), rate()));
                    }
                }
            }
            if (random.nextInt(4) == 0) {
                compare(one, two);
            }
            return stop;
        }

        private long rate() {
            return random.nextLong(1L << 28, 1L << 32);
        }

        private static void apply(Machine one, Machine two, Input input) {
            one.apply(input);
            two.apply(input);
        }

        private void outputs(Machine one, Machine two) {
            for (Emission emission = one.pollOutput(); emission != null; emission = one.pollOutput()) {
                Emission other = two.pollOutput();
                assertThat(other).as(this::about).isNotNull();
                assertThat(other.icount()).as(this::about).isEqualTo(emission.icount());
                if (emission.output() instanceof Output.ConsoleOutput console) {
                    printed.append(new String(console.bytes(), StandardCharsets.ISO_8859_1));
                }
            }
            assertThat(two.pollOutput()).as(this::about).isNull();
        }

        private void compare(Machine one, Machine two) {
            assertThat(two.digest().differences(one.digest()))
                    .as(() -> about()
                            + " icount=%d pc=%08x"
                                    .formatted(
                                            one.icount(), one.harts().getFirst().pc()))
                    .isEmpty();
        }

        private String about() {
            return "repeat with -Dhartbeat.seed=%d; the guest's last words: %s"
                    .formatted(seed, printed.substring(Math.max(0, printed.length() - 300)));
        }

        private Translator.Options options() {
            return switch (random.nextInt(3)) {
                case 0 -> Translator.Options.USUAL;
                case 1 -> new Translator.Options(1 << 20, random.nextInt(4), random.nextInt(1, 9));
                default -> new Translator.Options(8 << 20, 0, 8);
            };
        }

        private static MachineSpec spec(int harts) {
            return new MachineSpec(
                    null,
                    null,
                    "console=ttyS0 hartbeat.run=bench",
                    new MachineSpec.Bios.Default(),
                    64 << 20,
                    harts,
                    false,
                    List.of(),
                    List.of(),
                    MacAddress.parse("52:54:00:12:34:56"),
                    false,
                    false,
                    ExecutorKind.TRANSLATOR);
        }
    }
}
