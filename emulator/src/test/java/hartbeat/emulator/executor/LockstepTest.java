package hartbeat.emulator.executor;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.executor.translator.Translator;
import hartbeat.emulator.isa.Disassembler;
import hartbeat.emulator.rig.Rig;
import java.util.Arrays;
import java.util.Random;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Each executor against the step executor: equal state at random stops, whatever the guest does and whatever is cached when. */
class LockstepTest {
    private static final int STOPS = 60;

    /** Room for the stubs and a few units. */
    private static final int SMALLEST_CODE = 340 << 10;

    @Test
    void randomProgramsRunAlike() {
        fromEachSeed(150, LockstepTest::lockstep);
    }

    /** Code that is written where other code is translated with it or lies beside it; by the guest, and now and then by a device. */
    @Test
    void scatteredBlocksThatWriteToEachOtherRunAlike() {
        fromEachSeed(1_500, LockstepTest::scattered);
    }

    private static void fromEachSeed(int ordinaryRounds, LongConsumer program) {
        long first = Long.getLong("hartbeat.seed", 1);
        int rounds = Integer.getInteger("hartbeat.rounds", ordinaryRounds);
        LongStream.range(first, first + rounds).forEach(program);
    }

    private static void scattered(long seed) {
        int[] code = new ScatteredProgram(seed).code();
        Random random = new Random(~seed);
        try (Rig step = new Rig(Rig.Kind.STEP, 1, 1 << 20);
                Rig other = other(seed, 1)) {
            step.load(code);
            other.load(code);
            for (int stop = 0; stop < STOPS / 2; stop++) {
                if (random.nextInt(10) == 0) {
                    byte[] bytes = new byte[4 * random.nextInt(1, 100)];
                    int room = ScatteredProgram.CODE_BYTES - bytes.length;
                    long address = (ScatteredProgram.CODE & 0xffff_ffffL) + 4 * random.nextInt(room / 4);
                    step.memory().read(address, bytes, 0, bytes.length);
                    step.memory().write(address, bytes, 0, bytes.length);
                    other.memory().write(address, bytes, 0, bytes.length);
                }
                int count = random.nextInt(3) == 0 ? random.nextInt(1, 8) : random.nextInt(1, 2_000);
                long from = step.machine().icount();
                step.run(count);
                other.run(count);
                assertThat(other.stateWithoutMemory())
                        .as(() -> about(seed, from) + state(step) + state(other))
                        .isEqualTo(step.stateWithoutMemory());
            }
            assertThat(other.machine().digest().differences(step.machine().digest()))
                    .as(about(seed, 0))
                    .isEmpty();
        }
    }

    /** A rig with an executor other than the reference; the translator mostly, with unusual choices. */
    private static Rig other(long seed, int harts) {
        Random random = new Random(seed * 31);
        if (random.nextInt(4) == 0) {
            return new Rig(Rig.Kind.BLOCK, harts, 1 << 20);
        }
        int codeBytes = random.nextInt(3) == 0 ? SMALLEST_CODE : 1 << 20;
        int threshold = random.nextInt(3) == 0 ? random.nextInt(20) : 0;
        int unitBlocks = random.nextInt(3) == 0 ? random.nextInt(1, 9) : 8;
        return new Rig(new Translator.Options(codeBytes, threshold, unitBlocks), harts, 1 << 20);
    }

    private static void lockstep(long seed) {
        int[] code = new RandomProgram(seed).code();
        Random random = new Random(~seed);
        int harts = seed % 3 == 0 ? 2 + (int) (seed / 3 % 2) : 1;
        try (Rig step = new Rig(Rig.Kind.STEP, harts, 1 << 20);
                Rig block = other(seed, harts)) {
            step.load(code);
            block.load(code);
            long rate = random.nextLong(1L << 34);
            step.rate(rate);
            block.rate(rate);
            for (int stop = 0; stop < STOPS; stop++) {
                int count = random.nextInt(3) == 0 ? random.nextInt(8) : random.nextInt(600);
                if (random.nextInt(20) == 0) {
                    // A time sample in between, as a live source gives it.
                    step.rate(rate);
                    block.rate(rate);
                }
                long from = step.machine().icount();
                assertThat(block.run(count)).as(about(seed, from)).isEqualTo(step.run(count));
                assertThat(block.stateWithoutMemory())
                        .as(() -> about(seed, from) + state(step) + state(block))
                        .isEqualTo(step.stateWithoutMemory());
                // Rarely, as a digest empties the store tables, and with them what could be stale there.
                if (random.nextInt(16) == 0 || stop == STOPS - 1) {
                    assertThat(block.machine()
                                    .digest()
                                    .differences(step.machine().digest()))
                            .as(() -> about(seed, from))
                            .isEmpty();
                }
            }
            assertThat(block.printed()).as(about(seed, 0)).isEqualTo(step.printed());
        }
    }

    private static String about(long seed, long from) {
        return "repeat with -Dhartbeat.seed=%d -Dhartbeat.rounds=1; stop after icount %d".formatted(seed, from);
    }

    private static String state(Rig rig) {
        int pc = rig.hart().pc();
        return "%nicount=%d pc=%08x privilege=%d mcause=%x mepc=%x x=%s next=%s"
                .formatted(
                        rig.machine().icount(),
                        pc,
                        rig.hart().privilege(),
                        rig.csr(0x342),
                        rig.csr(0x341),
                        Arrays.toString(Arrays.copyOf(rig.hart().registers(), 32)),
                        rig.memory().contains(pc & 0xffff_ffffL, 4)
                                ? Disassembler.disassemble(pc, rig.memory().i32(pc & 0xffff_ffffL))
                                : "?");
    }
}
