package hartbeat.emulator.isa;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.rig.Asm;
import hartbeat.emulator.rig.Rig;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the generated cores compute against the trees of the table, walked. */
class SemanticsTest {
    private static final int[] EDGES = {0, 1, -1, 2, 31, 32, 0x7fff_ffff, 0x8000_0000, 0x8000_0001, 0x1234_5678};

    @Test
    void computationsAreTheirTrees() {
        Random random = new Random(3);
        for (Instruction instruction : InstructionTable.ALL_INSTRUCTIONS) {
            if (instruction.semantics() instanceof Semantics.Compute compute) {
                for (Rig.Kind kind : Rig.Kind.values()) {
                    for (int round = 0; round < 12; round++) {
                        int a = value(random);
                        int b = value(random);
                        int imm = instruction.format().immediate(random.nextInt());
                        Asm asm = new Asm().li(Asm.A0, a).li(Asm.A1, b);
                        int pc = asm.here();
                        asm.op(instruction.mnemonic(), Asm.A2, Asm.A0, Asm.A1, imm);
                        try (Rig rig = Rig.with(kind, asm.code())) {
                            rig.run(5);
                            assertThat(rig.x(Asm.A2))
                                    .as("%s %s of 0x%x, 0x%x, imm 0x%x", kind, instruction.mnemonic(), a, b, imm)
                                    .isEqualTo(Expression.evaluate(compute.value(), a, b, imm, pc, 0));
                        }
                    }
                }
            }
        }
    }

    @Test
    void divisionFollowsTheTableOfTheSpecification() {
        assertThat(Arithmetic.div(7, 0)).isEqualTo(-1);
        assertThat(Arithmetic.divu(7, 0)).isEqualTo(-1);
        assertThat(Arithmetic.rem(7, 0)).isEqualTo(7);
        assertThat(Arithmetic.remu(7, 0)).isEqualTo(7);
        assertThat(Arithmetic.div(Integer.MIN_VALUE, -1)).isEqualTo(Integer.MIN_VALUE);
        assertThat(Arithmetic.rem(Integer.MIN_VALUE, -1)).isZero();
        assertThat(Arithmetic.mulhsu(-1, -1)).isEqualTo(-1);
        assertThat(Arithmetic.mulhu(-1, -1)).isEqualTo(-2);
        assertThat(Arithmetic.mulh(-1, -1)).isZero();
    }

    private static int value(Random random) {
        return random.nextBoolean() ? EDGES[random.nextInt(EDGES.length)] : random.nextInt();
    }
}
