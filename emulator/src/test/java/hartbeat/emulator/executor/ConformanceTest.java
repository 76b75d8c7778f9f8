package hartbeat.emulator.executor;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.io.Output;
import hartbeat.emulator.isa.CompressedInstruction;
import hartbeat.emulator.isa.CompressedTable;
import hartbeat.emulator.isa.Instruction;
import hartbeat.emulator.isa.InstructionTable;
import hartbeat.emulator.machine.Stop;
import hartbeat.emulator.rig.Rig;
import hartbeat.guest.BareGuest;
import hartbeat.guest.BareGuests;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each conformance program on each executor. */
class ConformanceTest {
    private static final long ENOUGH = 5_000_000;

    /** 10 MHz of machine time at 20 million instructions per second. */
    private static final long RATE = 1L << 31;

    @TestFactory
    Stream<DynamicTest> programsPass() {
        return BareGuests.isa().stream()
                .flatMap(guest -> Arrays.stream(Rig.Kind.values())
                        .map(kind -> DynamicTest.dynamicTest(guest.name() + " " + kind, () -> passes(guest, kind))));
    }

    @Test
    void everyInstructionHasAProgram() {
        List<String> programs = BareGuests.isa().stream()
                .map(guest -> guest.name().substring(BareGuests.ISA.length()))
                .toList();
        assertThat(programs)
                .containsAll(InstructionTable.ALL_INSTRUCTIONS.stream()
                        .map(Instruction::mnemonic)
                        .toList())
                .containsAll(CompressedTable.ALL.stream()
                        .map(CompressedInstruction::mnemonic)
                        .toList());
    }

    private static void passes(BareGuest guest, Rig.Kind kind) {
        try (Rig rig = new Rig(kind, 1, 16 << 20)) {
            rig.loadElf(guest.elf());
            rig.rate(RATE);
            rig.skipIdle();
            assertThat(rig.run(ENOUGH))
                    .as(() -> "%s ends; pc=%08x mcause=%x mepc=%x"
                            .formatted(guest.name(), rig.hart().pc(), rig.csr(0x342), rig.csr(0x341)))
                    .isEqualTo(Stop.OFF);
            Output.PowerOff off = rig.machine().powerOff();
            assertThat(off).isNotNull();
            assertThat(off.exitCode())
                    .as("%s: tohost; 1 is a pass, else test number * 2 + 1", guest.name())
                    .isEqualTo(1);
        }
    }
}
