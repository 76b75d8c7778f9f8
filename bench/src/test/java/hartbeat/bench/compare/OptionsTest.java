package hartbeat.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hartbeat.bench.compare.CommandLines.Places;
import hartbeat.tools.UserError;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
    private static final Places PLACES = new Places(Path.of("/d"), 4000);
    private static final Subject BARE = new Subject.Bare("fib", Path.of("/fib.elf"), 3, null);

    @Test
    void aReplayBringsItsRecording() {
        assertThat(Mode.parse("replay,qemu-plain")).containsExactly(Mode.QEMU_PLAIN, Mode.RECORD, Mode.REPLAY);
        assertThatThrownBy(() -> Mode.parse("kvm"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("'kvm'");
    }

    @Test
    void groupsStandForAllOfAKind() {
        assertThat(Workloads.chosen(List.of()))
                .hasSize(26)
                .startsWith("sieve")
                .endsWith("linux-walk")
                .noneMatch(name -> name.startsWith("class-"));
        assertThat(Workloads.chosen(List.of("classes"))).contains("class-trap").hasSameSizeAs(Workloads.CLASSES);
        assertThat(Workloads.chosen(List.of("bare"))).isEqualTo(Workloads.COMPUTE);
        assertThat(Workloads.chosen(List.of("linux-gzip", "fib"))).containsExactly("fib", "linux-gzip");
        assertThatThrownBy(() -> Workloads.chosen(List.of("doom")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("'doom'");
    }

    @Test
    void recordAndReplayUseOneLog() {
        CommandLines lines = new CommandLines("interpreter");
        assertThat(lines.main(BARE, Mode.RECORD, PLACES)).containsSubsequence("run", "--record", "/d/hartbeat.log");
        assertThat(lines.main(BARE, Mode.REPLAY, PLACES))
                .containsSubsequence("run", "--executor", "interpreter", "--replay", "/d/hartbeat.log");
        assertThat(lines.main(BARE, Mode.QEMU_REPLAY, PLACES))
                .contains("shift=0,rr=replay,rrfile=/d/qemu.log", "/fib.elf", "laps=3");
    }

    @Test
    void aForeignProgramHasNoTwin() {
        assertThat(new CommandLines(null).main(BARE, Mode.NATIVE, PLACES)).isNull();
    }

    @Test
    void accountsOfTheSystemAreReadRightly() {
        String stat = "12 (a) b) S 1 2 3 4 5 6 7 8 9 10 100 50 250 75 20 0";
        assertThat(CpuClock.endedChildrenSeconds(stat)).isEqualTo(3.25);
        assertThat(CpuClock.peakBytes("Name:\tx\nVmPeak:\t  9 kB\nVmHWM:\t  2048 kB\n"))
                .isEqualTo(2 << 20);
        assertThat(CpuClock.peakBytes("Name:\tzombie\n")).isZero();
    }
}
