package hartbeat.emulator.time;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.io.Input;
import hartbeat.emulator.machine.RunState;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClockTest {
    private static final class Waiter implements TimeWaiter {
        private long deadline = NEVER;
        private int fired;

        @Override
        public long deadlineMtime() {
            return deadline;
        }

        @Override
        public void onTime(long mtime) {
            if (Long.compareUnsigned(mtime, deadline) >= 0) {
                fired++;
            }
        }
    }

    @Test
    void deadlineIsTheFirstIcountAtWhichItHolds() {
        long seed = Long.getLong("hartbeat.seed", 20261121);
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            RunState run = new RunState();
            Clock clock = new Clock(run);
            Waiter waiter = new Waiter();
            clock.register(waiter);
            run.icount(random.nextLong(1L << random.nextInt(1, 50)));
            long base = random.nextLong() >>> random.nextInt(2, 60);
            clock.apply(new Input.TimeSample(base, random.nextLong() >>> random.nextInt(1, 64)));
            waiter.deadline = base + (random.nextLong() >>> random.nextInt(2, 64)) + 1;
            clock.deadlineChanged();
            long at = clock.deadlineIcount();
            String about = "repeat with -Dhartbeat.seed=" + seed + ", round " + round;
            if (at == Clock.NEVER) {
                run.icount(Long.MAX_VALUE - 1);
                continue;
            }
            run.icount(at - 1);
            assertThat(Long.compareUnsigned(clock.mtime(), waiter.deadline))
                    .as(about)
                    .isNegative();
            run.icount(at);
            assertThat(Long.compareUnsigned(clock.mtime(), waiter.deadline))
                    .as(about)
                    .isNotNegative();
            clock.fireDue();
            assertThat(waiter.fired).as(about).isPositive();
            assertThat(clock.deadlineIcount()).as(about).isEqualTo(Clock.NEVER);
        }
    }

    @Test
    void scaledDivisionIsExact() {
        long seed = Long.getLong("hartbeat.seed", 7);
        Random random = new Random(seed);
        BigInteger scale = BigInteger.ONE.shiftLeft(32);
        for (int round = 0; round < 50_000; round++) {
            long ticks = random.nextLong() >>> random.nextInt(0, 64);
            long divisor = (random.nextLong() >>> random.nextInt(1, 64)) | 1;
            BigInteger[] exact = new BigInteger(Long.toUnsignedString(ticks))
                    .multiply(scale)
                    .divideAndRemainder(BigInteger.valueOf(divisor));
            BigInteger ceiling = exact[1].signum() == 0 ? exact[0] : exact[0].add(BigInteger.ONE);
            long actual = Clock.ceilingOfScaled(ticks, divisor);
            String about = "repeat with -Dhartbeat.seed=" + seed + ", round " + round;
            if (ceiling.bitLength() > 63) {
                assertThat(actual).as(about).isNegative();
            } else {
                assertThat(actual).as(about).isEqualTo(ceiling.longValueExact());
            }
        }
    }

    @Test
    void samplesNeverMoveTimeBack() {
        RunState run = new RunState();
        Clock clock = new Clock(run);
        clock.apply(new Input.TimeSample(1000, 1L << 32));
        run.icount(50);
        clock.apply(new Input.TimeSample(10, 1L << 31));
        assertThat(clock.mtime()).isEqualTo(1050);
        run.icount(60);
        assertThat(clock.mtime()).isEqualTo(1055);
    }

    @Test
    void timeStandsStillWithoutRate() {
        RunState run = new RunState();
        Clock clock = new Clock(run);
        Waiter waiter = new Waiter();
        clock.register(waiter);
        waiter.deadline = 5;
        clock.deadlineChanged();
        assertThat(clock.deadlineIcount()).isEqualTo(Clock.NEVER);
        clock.apply(new Input.TimeSample(5, 0));
        assertThat(waiter.fired).isEqualTo(1);
    }
}
