package hartbeat.emulator.executor.interpreter;

import hartbeat.emulator.hart.Hart;
import hartbeat.emulator.isa.Decoded;
import hartbeat.emulator.isa.Decoder;
import hartbeat.emulator.isa.Expression;
import hartbeat.emulator.isa.Expression.Leaf;
import hartbeat.emulator.isa.InstructionTable;
import hartbeat.emulator.isa.Semantics;
import hartbeat.emulator.memory.GuestMemory;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Makes blocks out of code in RAM. */
final class BlockDecoder {
    /** Longest block in instructions; the offsets of a block fit a byte. */
    static final int MAX_LENGTH = 64;

    private static final int LUI = InstructionTable.named("lui").id();

    private final GuestMemory memory;
    private final long[] code = new long[MAX_LENGTH + 1];
    private final byte[] offsets = new byte[MAX_LENGTH];

    BlockDecoder(GuestMemory memory) {
        this.memory = memory;
    }

    /**
     * Decodes from {@code pc}, which is at {@code physical}, to the first instruction that ends a block, the end of the page, or the
     * length limit. An instruction that reaches into the next page is left out.
     *
     * @return null if the very first instruction is such a one
     */
    @Nullable
    Block decode(int pc, long physical) {
        int room = GuestMemory.PAGE_SIZE - (pc & 0xfff);
        int length = 0;
        int offset = 0;
        int takenPc = 0;
        boolean open = true;
        while (open && length < MAX_LENGTH && offset < room) {
            int bits = memory.u16(physical + offset);
            int bytes = Decoder.length(bits);
            if (offset + bytes > room) {
                break;
            }
            if (bytes == 4) {
                bits |= memory.u16(physical + offset + 2) << 16;
            }
            Decoded decoded = Decoder.decode(bits);
            int here = pc + offset;
            offsets[length] = (byte) (offset >> 1);
            offset += bytes;
            if (decoded == null) {
                code[length++] = pack(Block.ILLEGAL, 0, 0, 0, bits);
                open = false;
            } else {
                code[length++] = element(decoded, here, pc + offset);
                open = !decoded.instruction().endsBlock();
                takenPc = here + decoded.imm();
            }
        }
        if (length == 0) {
            return null;
        }
        int elements = length;
        if (open) {
            code[elements++] = Block.END;
        }
        return new Block(
                pc, Arrays.copyOf(code, elements), Arrays.copyOf(offsets, length), length, takenPc, pc + offset);
    }

    private static long element(Decoded decoded, int pc, int next) {
        int rd = decoded.rd() == 0 ? Hart.DISCARD : decoded.rd();
        int id = decoded.instruction().id();
        int immediate = SingleStep.immediate(decoded);
        switch (decoded.instruction().semantics()) {
            case Semantics.Compute compute
            when constant(compute.value()) -> {
                immediate = Expression.evaluate(compute.value(), 0, 0, decoded.imm(), pc, 0);
                id = LUI;
            }
            case Semantics.Jump jump when constant(jump.target()) -> immediate = next;
            default -> {}
        }
        return pack(id, rd, decoded.rs1(), decoded.rs2(), immediate);
    }

    /** Whether a value is known once the instruction's address is. */
    private static boolean constant(Expression expression) {
        return switch (expression) {
            case Leaf leaf -> leaf == Leaf.IMM || leaf == Leaf.PC;
            case Expression.Binary binary -> constant(binary.left()) && constant(binary.right());
        };
    }

    private static long pack(int id, int rd, int rs1, int rs2, int immediate) {
        return (long) immediate << 32 | (long) rs2 << 24 | rs1 << 16 | rd << 8 | id;
    }
}
