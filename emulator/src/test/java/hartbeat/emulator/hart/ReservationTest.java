package hartbeat.emulator.hart;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.rig.Asm;
import hartbeat.emulator.rig.Rig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What ends the reservation of LR beside SC and traps (Unpriv. 13.2), in rounds enough for machine code. */
class ReservationTest {
    private static final int WORD = 0x8000_4000;
    private static final int DOORBELL = 0x8000_5000;
    private static final int ROUNDS = 8;

    /** A device that is told by the hart's own store between LR and SC writes to the word at once; HTIF and virtqueues do. */
    @ParameterizedTest
    @EnumSource(Rig.Kind.class)
    void aDevicesWriteToTheWordEndsIt(Rig.Kind kind) {
        try (Rig rig = Rig.with(kind, rounds())) {
            rig.memory()
                    .watch(DOORBELL & 0xffff_ffffL, 4, (_, _) -> rig.memory().i16(WORD + 2 & 0xffff_ffffL, 7));
            rig.run(200);
            assertThat(rig.x(Asm.A0)).as("failures of SC").isEqualTo(ROUNDS);
            assertThat(rig.memory().i32(WORD & 0xffff_ffffL)).isEqualTo(7 << 16);
        }
    }

    @ParameterizedTest
    @EnumSource(Rig.Kind.class)
    void aDevicesWriteBesideTheWordLeavesIt(Rig.Kind kind) {
        try (Rig rig = Rig.with(kind, rounds())) {
            rig.memory()
                    .watch(DOORBELL & 0xffff_ffffL, 4, (_, _) -> rig.memory().i32(WORD + 4 & 0xffff_ffffL, 7));
            rig.run(200);
            assertThat(rig.x(Asm.A0)).as("failures of SC").isZero();
            assertThat(rig.memory().i32(WORD & 0xffff_ffffL)).isEqualTo(DOORBELL);
        }
    }

    /** A state holds it, though restoring writes to all of memory. */
    @ParameterizedTest
    @EnumSource(Rig.Kind.class)
    void itIsPartOfTheState(Rig.Kind kind) {
        int[] code = new Asm()
                .li(Asm.S0, WORD)
                .store("sw", Asm.S0, 0, Asm.S0)
                .reg("lr.w", Asm.T0, Asm.S0, 0)
                .reg("sc.w", Asm.A1, Asm.S0, 0)
                .code();
        try (Rig first = Rig.with(kind, code);
                Rig second = Rig.with(kind, code)) {
            first.run(4);
            second.run(2);
            byte[] state = first.machine().save();
            second.machine().restore(state);
            assertThat(second.machine().save()).isEqualTo(state);
            second.run(1);
            assertThat(second.x(Asm.A1)).isZero();
            assertThat(second.memory().i32(WORD & 0xffff_ffffL)).isZero();
        }
    }

    /** LR of the word, a store to the doorbell, SC of the doorbell's address; a0 counts how often SC has failed. */
    private static int[] rounds() {
        Asm asm = new Asm().li(Asm.S0, WORD).li(Asm.S1, DOORBELL).imm("addi", Asm.T2, 0, ROUNDS);
        asm.store("sw", 0, 0, Asm.S0).imm("lw", Asm.A0, Asm.S0, 0).label("loop");
        asm.reg("lr.w", Asm.T0, Asm.S0, 0).store("sw", Asm.T2, 0, Asm.S1);
        asm.reg("sc.w", Asm.T1, Asm.S0, Asm.S1).reg("add", Asm.A0, Asm.A0, Asm.T1);
        asm.imm("addi", Asm.T2, Asm.T2, -1).branch("bne", Asm.T2, 0, "loop");
        return asm.label("end").j("end").code();
    }
}
