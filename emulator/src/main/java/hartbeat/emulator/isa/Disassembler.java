package hartbeat.emulator.isa;

import java.util.Locale;

/** From encodings to assembler text, read off the instruction table. */
public final class Disassembler {
    private static final String[] NAMES = {
        "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7",
        "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"
    };

    private Disassembler() {}

    /** ABI name of an integer register. */
    public static String register(int number) {
        return NAMES[number];
    }

    /** One instruction at {@code pc}; an illegal encoding is shown as data. */
    public static String disassemble(int pc, int bits) {
        Decoded decoded = Decoder.decode(bits);
        if (decoded == null) {
            return Decoder.length(bits) == 2
                    ? String.format(Locale.ROOT, ".half 0x%04x", bits & 0xffff)
                    : String.format(Locale.ROOT, ".word 0x%08x", bits);
        }
        Instruction instruction = decoded.instruction();
        String operands = instruction
                .format()
                .syntax()
                .replace("%rd", NAMES[decoded.rd()])
                .replace("%rs1", NAMES[decoded.rs1()])
                .replace("%rs2", NAMES[decoded.rs2()])
                .replace("%imm", Integer.toString(decoded.imm()))
                .replace("%uimm", Integer.toString(decoded.rs1()))
                .replace("%upper", String.format(Locale.ROOT, "0x%x", decoded.imm() >>> 12))
                .replace("%csr", CsrNames.name(decoded.imm()))
                .replace("%target", String.format(Locale.ROOT, "0x%x", pc + decoded.imm()));
        return operands.isEmpty() ? instruction.mnemonic() : instruction.mnemonic() + " " + operands;
    }
}
