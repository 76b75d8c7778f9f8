package hartbeat.emulator.hart;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.isa.Csr;
import hartbeat.emulator.rig.Asm;
import hartbeat.emulator.rig.Rig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules about the lines of an interrupt controller, which the conformance programs run without (Priv. 3.1.9). */
class ExternalInterruptTest {
    private static final int RAM = 0x8000_0000;
    private static final int INTERRUPT = 1 << 31;

    /** The one of M-mode is taken before all others, that of S-mode before its software and timer interrupts. */
    @ParameterizedTest
    @EnumSource(Rig.Kind.class)
    void machineExternalComesFirst(Rig.Kind kind) {
        Asm asm = new Asm().j("start").label("trap").j("trap").label("start");
        asm.li(Asm.T0, RAM + 4).csr("csrrw", 0, Csr.MTVEC, Asm.T0);
        asm.li(Asm.T0, Interrupts.ALL).csr("csrrw", 0, Csr.MIP, Asm.T0).csr("csrrw", 0, Csr.MIE, Asm.T0);
        asm.csr("csrrsi", 0, Csr.MSTATUS, 8).label("end").j("end");
        for (boolean machine : new boolean[] {true, false}) {
            try (Rig rig = Rig.with(kind, asm.code())) {
                rig.hart().interruptLevel(11, machine);
                rig.hart().interruptLevel(3, machine);
                rig.hart().interruptLevel(9, true);
                rig.run(30);
                assertThat(rig.csr(Csr.MCAUSE)).isEqualTo(INTERRUPT | (machine ? 11 : 9));
            }
        }
    }

    /** SEIP reads as the line or what software wrote; an instruction that sets or clears bits does not copy the line. */
    @ParameterizedTest
    @EnumSource(Rig.Kind.class)
    void aSetOrClearDoesNotCopyTheLine(Rig.Kind kind) {
        Asm asm = new Asm().li(Asm.T0, Interrupts.SEIP);
        asm.csr("csrrsi", Asm.A0, Csr.MIP, 2).csr("csrrc", Asm.A1, Csr.MIP, Asm.T0);
        asm.csr("csrrs", Asm.A2, Csr.MIP, 0).label("end").j("end");
        try (Rig rig = Rig.with(kind, asm.code())) {
            rig.hart().interruptLevel(9, true);
            rig.run(30);
            assertThat(rig.x(Asm.A0)).isEqualTo(Interrupts.SEIP);
            assertThat(rig.x(Asm.A1)).isEqualTo(Interrupts.SEIP | Interrupts.SSIP);
            assertThat(rig.x(Asm.A2)).as("cleared, but the line is up").isEqualTo(Interrupts.SEIP | Interrupts.SSIP);
            rig.hart().interruptLevel(9, false);
            assertThat(rig.csr(Csr.MIP)).isEqualTo(Interrupts.SSIP);
        }
    }

    /** What software wrote remains when the line falls. */
    @ParameterizedTest
    @EnumSource(Rig.Kind.class)
    void whatSoftwareWroteOutlastsTheLine(Rig.Kind kind) {
        Asm asm = new Asm().li(Asm.T0, Interrupts.SEIP);
        asm.csr("csrrs", 0, Csr.MIP, Asm.T0).label("end").j("end");
        try (Rig rig = Rig.with(kind, asm.code())) {
            rig.hart().interruptLevel(9, true);
            rig.run(30);
            rig.hart().interruptLevel(9, false);
            assertThat(rig.csr(Csr.MIP)).isEqualTo(Interrupts.SEIP);
        }
    }
}
