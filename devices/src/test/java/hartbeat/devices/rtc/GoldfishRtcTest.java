package hartbeat.devices.rtc;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.io.Input;
import hartbeat.emulator.machine.RunState;
import hartbeat.emulator.time.Clock;
import org.junit.jupiter.api.Test;

class GoldfishRtcTest {
    private static final long NOW = 1_750_000_000_000_000_000L;
    private boolean interrupt;
    private final RunState run = new RunState();
    private final Clock clock = new Clock(run);
    private final GoldfishRtc rtc = new GoldfishRtc(clock, level -> interrupt = level);

    private long read() {
        long low = rtc.load(0, 4) & 0xffff_ffffL;
        return (long) rtc.load(4, 4) << 32 | low;
    }

    @Test
    void showsTheTimeOfDay() {
        clock.apply(new Input.WallClock(NOW));
        assertThat(read()).isEqualTo(NOW);
        rtc.store(4, 4, (int) ((NOW + 5_000_000_000L) >>> 32));
        rtc.store(0, 4, (int) (NOW + 5_000_000_000L));
        assertThat(read()).as("set by the guest").isEqualTo(NOW + 5_000_000_000L);
    }

    @Test
    void theAlarmComesAtItsIcountAndOnce() {
        clock.apply(new Input.WallClock(NOW));
        clock.apply(new Input.TimeSample(0, 1L << 32));
        rtc.store(0x10, 4, 1);
        rtc.store(0x0c, 4, (int) ((NOW + 10_000) >>> 32));
        rtc.store(0x08, 4, (int) (NOW + 10_000));
        assertThat(rtc.load(0x18, 4)).isEqualTo(1);
        assertThat(clock.deadlineIcount()).isEqualTo(100);
        run.icount(100);
        clock.fireDue();
        assertThat(interrupt).isTrue();
        assertThat(rtc.load(0x18, 4)).isZero();
        rtc.store(0x1c, 4, 0);
        assertThat(interrupt).isFalse();
    }

    @Test
    void anAlarmInThePastComesAtOnceAndAClearedOneNever() {
        clock.apply(new Input.WallClock(NOW));
        rtc.store(0x10, 4, 1);
        rtc.store(0x08, 4, 5);
        assertThat(interrupt).isTrue();
        rtc.store(0x1c, 4, 0);
        rtc.store(0x0c, 4, -1 >>> 1);
        rtc.store(0x08, 4, 0);
        rtc.store(0x14, 4, 0);
        assertThat(rtc.deadlineMtime()).isEqualTo(-1);
        assertThat(interrupt).isFalse();
    }

    @Test
    void settingTheMachinesClockBringsTheAlarm() {
        clock.apply(new Input.WallClock(NOW - 1_000_000_000));
        rtc.store(0x10, 4, 1);
        rtc.store(0x0c, 4, (int) (NOW >>> 32));
        rtc.store(0x08, 4, (int) NOW);
        assertThat(interrupt).isFalse();
        clock.apply(new Input.WallClock(NOW));
        assertThat(interrupt).isTrue();
    }
}
