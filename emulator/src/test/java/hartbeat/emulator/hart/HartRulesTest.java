package hartbeat.emulator.hart;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.isa.Csr;
import hartbeat.emulator.machine.Machine;
import hartbeat.emulator.rig.Asm;
import hartbeat.emulator.rig.Rig;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules of the privileged and debug specifications about CSRs and counters, with both interpreters. */
class HartRulesTest {
    private static final int RAM = 0x8000_0000;

    private static Stream<Rig.Kind> kinds() {
        return Stream.of(Rig.Kind.values());
    }

    /** Each hart counts its own instructions (Priv. 3.1.10), the cycles are the machine's. */
    @ParameterizedTest
    @MethodSource("kinds")
    void instructionsAreCountedPerHart(Rig.Kind kind) {
        try (Rig rig = new Rig(kind, 3, 1 << 20)) {
            rig.load(new Asm()
                    .label("loop")
                    .imm("addi", Asm.T0, Asm.T0, 1)
                    .j("loop")
                    .code());
            rig.run(Machine.QUANTUM * 7 + 1234);
            long[] retired = rig.machine().harts().stream()
                    .mapToLong(hart -> hart.peekCsr(Csr.MINSTRET))
                    .toArray();
            assertThat(retired)
                    .containsExactlyInAnyOrder(3 * Machine.QUANTUM, 2 * Machine.QUANTUM + 1234, 2 * Machine.QUANTUM);
            // Two instructions to a round: the counter says what the hart did.
            for (int i = 0; i < 3; i++) {
                assertThat(rig.machine().harts().get(i).registers()[Asm.T0]).isEqualTo((int) ((retired[i] + 1) / 2));
            }
            assertThat(rig.machine().harts())
                    .allSatisfy(hart -> assertThat(hart.peekCsr(Csr.MCYCLE)).isEqualTo(7 * Machine.QUANTUM + 1234));
        }
    }

    /** A value written to minstret is what the next instruction reads, and other harts' turns leave it alone. */
    @ParameterizedTest
    @MethodSource("kinds")
    void aWrittenInstructionCountGoesOnFromThere(Rig.Kind kind) {
        Asm asm = new Asm();
        asm.li(Asm.T0, -2).csr("csrrw", 0, Csr.MINSTRET, Asm.T0);
        asm.csr("csrrs", Asm.A0, Csr.MINSTRET, 0).csr("csrrs", Asm.A1, Csr.MINSTRETH, 0);
        asm.csr("csrrs", Asm.A2, Csr.MINSTRET, 0).csr("csrrs", Asm.A3, Csr.MINSTRETH, 0);
        asm.csr("csrrwi", 0, Csr.MCOUNTINHIBIT, 4).csr("csrrs", Asm.A4, Csr.MINSTRET, 0);
        asm.label("end").j("end");
        try (Rig rig = new Rig(kind, 2, 1 << 20)) {
            rig.load(asm.code());
            rig.run(4 * Machine.QUANTUM);
            for (Hart hart : rig.machine().harts()) {
                int[] x = hart.registers();
                assertThat(new int[] {x[Asm.A0], x[Asm.A1], x[Asm.A2], x[Asm.A3]})
                        .containsExactly(-2, 0, 0, 1);
                assertThat((int) hart.peekCsr(Csr.MINSTRET)).isEqualTo(x[Asm.A4]);
            }
        }
    }

    /** A hart without triggers: suites ask, and must get an answer instead of an exception (Debug 5.7). */
    @ParameterizedTest
    @MethodSource("kinds")
    void thereIsNoTrigger(Rig.Kind kind) {
        Asm asm = new Asm().li(Asm.T0, -1);
        for (int number = Csr.TSELECT; number <= Csr.TINFO; number++) {
            asm.csr("csrrw", 0, number, Asm.T0);
        }
        asm.csr("csrrs", Asm.A0, Csr.TSELECT, 0).csr("csrrs", Asm.A1, Csr.TDATA1, 0);
        asm.csr("csrrs", Asm.A2, Csr.TDATA2, 0).csr("csrrs", Asm.A3, Csr.TDATA3, 0);
        asm.csr("csrrs", Asm.A4, Csr.TINFO, 0).label("end").j("end");
        try (Rig rig = Rig.with(kind, asm.code())) {
            rig.run(20);
            assertThat(rig.csr(Csr.MCAUSE)).isZero();
            assertThat(new int[] {rig.x(Asm.A0), rig.x(Asm.A1), rig.x(Asm.A2), rig.x(Asm.A3), rig.x(Asm.A4)})
                    .containsExactly(0, 0, 0, 0, 1);
        }
    }

    /** The registers of debug mode do not exist outside it, nor do the triggers below M-mode. */
    @ParameterizedTest
    @EnumSource(Rig.Kind.class)
    void debugModeCannotBeSeen(Rig.Kind kind) {
        Asm asm = new Asm().la(Asm.T0, "handler").csr("csrrw", 0, Csr.MTVEC, Asm.T0);
        asm.csr("csrrs", Asm.A0, 0x7b0, 0);
        asm.csrSet(Csr.PMPADDR0, -1).csrSet(Csr.PMPCFG0, 0x1f).csrSet(Csr.MSTATUS, 1 << 11);
        asm.la(Asm.T0, "supervisor").csr("csrrw", 0, Csr.MEPC, Asm.T0).plain("mret");
        asm.label("supervisor")
                .csr("csrrs", Asm.A0, Csr.TSELECT, 0)
                .label("end")
                .j("end");
        asm.org(RAM + 0x400).label("handler").imm("addi", Asm.A1, Asm.A1, 1);
        asm.csr("csrrs", Asm.T1, Csr.MEPC, 0).imm("addi", Asm.T1, Asm.T1, 4).csr("csrrw", 0, Csr.MEPC, Asm.T1);
        asm.csr("csrrs", Asm.A2, Csr.MCAUSE, 0).plain("mret");
        try (Rig rig = Rig.with(kind, asm.code())) {
            rig.run(60);
            // a1 counts on from the device tree's address, which is 0 here.
            assertThat(rig.x(Asm.A1)).isEqualTo(2);
            assertThat(rig.x(Asm.A2)).isEqualTo(2);
        }
    }
}
