package hartbeat.devices.clint;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.io.Input;
import hartbeat.emulator.machine.RunState;
import hartbeat.emulator.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClintTest {
    private final boolean[] msip = new boolean[2];
    private final boolean[] mtip = new boolean[2];
    private final RunState run = new RunState();
    private final Clock clock = new Clock(run);
    private final Clint clint = new Clint(clock, List.of(lines(0), lines(1)));

    private Clint.HartLines lines(int hart) {
        return new Clint.HartLines(level -> msip[hart] = level, level -> mtip[hart] = level);
    }

    @Test
    void softwareInterruptsAreOneBitPerHart() {
        clint.store(4, 4, -1);
        assertThat(msip).containsExactly(false, true);
        assertThat(clint.load(4, 4)).isEqualTo(1);
        clint.store(4, 4, 0);
        assertThat(msip[1]).isFalse();
        clint.store(8, 4, 1);
        assertThat(clint.load(8, 4)).as("no such hart").isZero();
    }

    @Test
    void theTimerInterruptComesAtItsIcount() {
        clock.apply(new Input.TimeSample(1000, 1L << 31));
        clint.store(0x4008 + 4, 4, 0);
        clint.store(0x4008, 4, 1050);
        assertThat(clock.deadlineIcount()).isEqualTo(100);
        run.icount(99);
        clock.fireDue();
        assertThat(mtip[1]).isFalse();
        run.icount(100);
        clock.fireDue();
        assertThat(mtip).containsExactly(false, true);
        clint.store(0x4008 + 4, 4, 1);
        assertThat(mtip[1]).isFalse();
        assertThat(clint.load(0x4008 + 4, 4)).isEqualTo(1);
    }

    @Test
    void mtimeIsReadAndWrittenInHalves() {
        clock.apply(new Input.TimeSample(0x1_2345_6789L, 0));
        assertThat(clint.load(0xbff8, 4)).isEqualTo(0x2345_6789);
        assertThat(clint.load(0xbffc, 4)).isEqualTo(1);
        clint.store(0xbffc, 4, 5);
        assertThat(clock.mtime()).isEqualTo(0x5_2345_6789L);
    }
}
