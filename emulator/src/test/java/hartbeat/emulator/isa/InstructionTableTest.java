package hartbeat.emulator.isa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstructionTableTest {
    @Test
    void everyInstructionDecodesToItself() {
        Random random = new Random(1);
        for (Instruction instruction : InstructionTable.ALL_INSTRUCTIONS) {
            for (int round = 0; round < 200; round++) {
                int imm = instruction.format().immediate(random.nextInt());
                int rd = random.nextInt(32);
                int rs1 = random.nextInt(32);
                int rs2 = random.nextInt(32);
                int bits = instruction.encode(rd, rs1, rs2, imm);
                Decoded decoded = Decoder.decode(bits);
                assertThat(decoded).as(instruction.mnemonic()).isNotNull();
                assertThat(decoded.instruction()).isEqualTo(instruction);
                assertThat(decoded.imm()).as(instruction.mnemonic()).isEqualTo(imm);
                assertThat(decoded.length()).isEqualTo(4);
                if (instruction.format().writesRd()) {
                    assertThat(decoded.rd()).isEqualTo(rd);
                }
                assertThat(Disassembler.disassemble(0, bits))
                        .startsWith(instruction.mnemonic())
                        .doesNotContain("%");
            }
        }
    }

    /** Words that are close to an instruction's encoding, and words that are close to none. */
    @Test
    void theRowThatMatchesIsFoundAndNoOther() {
        Random random = new Random(2);
        for (int round = 0; round < 200_000; round++) {
            Instruction close =
                    InstructionTable.ALL_INSTRUCTIONS.get(random.nextInt(InstructionTable.ALL_INSTRUCTIONS.size()));
            int any = random.nextInt();
            int bits = round % 4 == 0 ? any : (any & ~close.mask() | close.match()) ^ 1 << random.nextInt(32);
            assertThat(InstructionTable.find(bits))
                    .as("0x%08x", bits)
                    .isSameAs(InstructionTable.ALL_INSTRUCTIONS.stream()
                            .filter(instruction -> instruction.matches(bits))
                            .findFirst()
                            .orElse(null));
        }
    }

    @Test
    void noEncodingBelongsToTwoInstructions() {
        for (Instruction one : InstructionTable.ALL_INSTRUCTIONS) {
            for (Instruction other : InstructionTable.ALL_INSTRUCTIONS) {
                int common = one.mask() & other.mask();
                assertThat(one.id() == other.id() || ((one.match() ^ other.match()) & common) != 0)
                        .as("%s and %s", one.mnemonic(), other.mnemonic())
                        .isTrue();
            }
        }
    }

    /** Encodings as the GNU assembler makes them. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0x80000537 | lui a0, 0x80000
            0x00001297 | auipc t0, 0x1
            0xff010113 | addi sp, sp, -16
            0x01f29313 | slli t1, t0, 31
            0x40335293 | srai t0, t1, 3
            0x00b50633 | add a2, a0, a1
            0x40b50633 | sub a2, a0, a1
            0x02b55633 | divu a2, a0, a1
            0xffc52583 | lw a1, -4(a0)
            0x00b51123 | sh a1, 2(a0)
            0xfeb50ce3 | beq a0, a1, 0xff8
            0x800000ef | jal ra, 0xfff01000
            0x00008067 | jalr zero, 0(ra)
            0x100526af | lr.w a3, (a0)
            0x18b526af | sc.w a3, a1, (a0)
            0x00b526af | amoadd.w a3, a1, (a0)
            0x30529073 | csrrw zero, mtvec, t0
            0xb0202573 | csrrs a0, minstret, zero
            0x3002f073 | csrrci zero, mstatus, 5
            0x30200073 | mret
            0x10500073 | wfi
            0x12b50073 | sfence.vma a0, a1
            0x0000100f | fence.i
            0x00000013 | addi zero, zero, 0
            0x00004505 | addi a0, zero, 1
            0x00001141 | addi sp, sp, -16
            0x0000c606 | sw ra, 12(sp)
            0x000040b2 | lw ra, 12(sp)
            0x00000141 | addi sp, sp, 16
            0x00008082 | jalr zero, 0(ra)
            0x00000808 | addi a0, sp, 16
            0x00006105 | addi sp, sp, 32
            0x00006505 | lui a0, 0x1
            0x0000757d | lui a0, 0xfffff
            0x0000853e | add a0, zero, a5
            0x0000953e | add a0, a0, a5
            0x00009002 | ebreak
            0x0000bfdd | jal zero, 0xff6
            0x0000d97d | beq a0, zero, 0xff6
            0x00000000 | .half 0x0000
            0xffffffff | .word 0xffffffff
            """)
    void disassembles(String bits, String text) {
        assertThat(Disassembler.disassemble(0x1000, Integer.parseUnsignedInt(bits.substring(2), 16)))
                .isEqualTo(text);
    }

    @Test
    void reservedCompressedEncodingsAreIllegal() {
        int[] reserved = {
            0x0000, // all zeroes
            0x0004, // c.addi4spn with a zero immediate
            0x6101, // c.addi16sp with a zero immediate
            0x6501, // c.lui with a zero immediate
            0x4002, // c.lwsp to x0
            0x8002, // c.jr x0
            0x9101, // c.srli with shamt[5]
            0x9d01, // c.subw of RV64
            0x1502 | 0x1000, // c.slli with shamt[5]
            0x2000, // c.fld
            0x6000, // c.flw
        };
        for (int bits : reserved) {
            assertThat(Decoder.decode(bits)).as("0x%04x", bits).isNull();
        }
    }

    @Test
    void unknownEncodingsAreIllegal() {
        for (int bits :
                new int[] {0x0000_0007, 0x0000_0043, 0x0200_1013, 0x4000_1033, 0x0000_2063, 0x0000_3003, 0x7000_202f}) {
            assertThat(Decoder.decode(bits)).as("0x%08x", bits).isNull();
        }
    }
}
