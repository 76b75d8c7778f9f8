package hartbeat.emulator.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hartbeat.emulator.executor.RandomProgram;
import hartbeat.emulator.rig.Asm;
import hartbeat.emulator.rig.Rig;
import hartbeat.emulator.state.StateFormatException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SaveRestoreTest {
    @Test
    void futureIsUnchanged() {
        long first = Long.getLong("hartbeat.seed", 500);
        for (long seed = first; seed < first + Integer.getInteger("hartbeat.rounds", 30); seed++) {
            int[] code = new RandomProgram(seed).code();
            Random random = new Random(seed);
            int harts = 1 + random.nextInt(2);
            Rig moving = new Rig(Rig.Kind.BLOCK, harts, 1 << 20);
            try (Rig straight = new Rig(Rig.Kind.BLOCK, harts, 1 << 20)) {
                moving.load(code);
                straight.load(code);
                moving.rate(1L << 31);
                straight.rate(1L << 31);
                for (int stop = 0; stop < 20; stop++) {
                    int count = random.nextInt(400);
                    moving.run(count);
                    straight.run(count);
                    byte[] state = moving.machine().save();
                    Rig next = new Rig(Rig.Kind.values()[random.nextInt(3)], harts, 1 << 20);
                    next.load(code);
                    next.run(random.nextInt(100));
                    next.machine().restore(state);
                    moving.close();
                    moving = next;
                    String about = "repeat with -Dhartbeat.rounds=1 -Dhartbeat.seed=" + seed;
                    assertThat(next.machine().save()).as(about).isEqualTo(state);
                    if (random.nextInt(4) == 0) {
                        assertThat(moving.machine()
                                        .digest()
                                        .differences(straight.machine().digest()))
                                .as(about)
                                .isEmpty();
                    }
                }
                assertThat(moving.machine().digest())
                        .isEqualTo(straight.machine().digest());
            } finally {
                moving.close();
            }
        }
    }

    @Test
    void dirtyPageOfZeroesIsSavedOnceItIsWritten() {
        int[] code = new Asm()
                .li(Asm.T0, 0x8008_0000)
                .li(Asm.T1, 5)
                .store("sw", 0, 0, Asm.T0)
                .store("sw", Asm.T1, 4, Asm.T0)
                .code();
        try (Rig first = Rig.with(Rig.Kind.STEP, code);
                Rig second = Rig.with(Rig.Kind.STEP, code);
                Rig third = Rig.with(Rig.Kind.STEP, code)) {
            long before = code.length - 1L;
            first.run(before);
            second.machine().restore(first.machine().save());
            second.run(1);
            third.machine().restore(second.machine().save());
            assertThat(second.memory().i32(0x8008_0004L)).isEqualTo(5);
            assertThat(third.memory().i32(0x8008_0004L)).isEqualTo(5);
        }
    }

    @Test
    void digestSeesEveryPart() {
        try (Rig one = new Rig(Rig.Kind.BLOCK, 1, 1 << 20);
                Rig other = new Rig(Rig.Kind.BLOCK, 1, 1 << 20)) {
            assertThat(one.machine().digest()).isEqualTo(other.machine().digest());
            one.memory().i8(0x8000_0123L, 1);
            assertThat(one.machine().digest().differences(other.machine().digest()))
                    .containsExactly("memory");
            // The chain remembers: equal contents do not make up for a different past.
            one.memory().i8(0x8000_0123L, 0);
            assertThat(one.machine().digest().differences(other.machine().digest()))
                    .containsExactly("memory");
            one.hart().registers()[5] = 7;
            assertThat(one.machine().digest().differences(other.machine().digest()))
                    .contains("hart0");
        }
    }

    @Test
    void brokenStateIsRefused() {
        try (Rig rig = new Rig(Rig.Kind.BLOCK, 1, 1 << 20);
                Rig larger = new Rig(Rig.Kind.BLOCK, 1, 2 << 20)) {
            byte[] state = rig.machine().save();
            assertThatThrownBy(() -> rig.machine().restore(Arrays.copyOf(state, state.length - 1)))
                    .isInstanceOf(StateFormatException.class);
            assertThatThrownBy(() -> rig.machine().restore(Arrays.copyOf(state, state.length + 1)))
                    .isInstanceOf(StateFormatException.class);
            assertThatThrownBy(() -> larger.machine().restore(state))
                    .isInstanceOf(StateFormatException.class)
                    .hasMessageContaining("--memory");
        }
    }
}
