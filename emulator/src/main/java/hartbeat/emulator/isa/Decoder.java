package hartbeat.emulator.isa;

import org.jspecify.annotations.Nullable;

/** From encodings to instructions. */
public final class Decoder {
    private Decoder() {}

    /** Length in bytes of the instruction whose first 16 bits these are; longer encodings than 32 bits are illegal ones of 4. */
    public static int length(int first16) {
        return (first16 & 3) == 3 ? 4 : 2;
    }

    /**
     * Decodes an encoding.
     *
     * @param bits 32 bits, of which only the low 16 count for a compressed instruction
     * @return null if the encoding is illegal
     */
    public static @Nullable Decoded decode(int bits) {
        if (length(bits) == 2) {
            CompressedInstruction compressed = CompressedTable.find(bits & 0xffff);
            return compressed == null ? null : compressed.expand(bits & 0xffff);
        }
        Instruction instruction = InstructionTable.find(bits);
        if (instruction == null) {
            return null;
        }
        Format format = instruction.format();
        int rd = format.writesRd() ? bits >>> 7 & 31 : 0;
        return new Decoded(instruction, bits, 4, rd, bits >>> 15 & 31, bits >>> 20 & 31, format.immediate(bits), "");
    }
}
