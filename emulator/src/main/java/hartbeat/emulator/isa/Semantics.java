package hartbeat.emulator.isa;

/** What an instruction does. Each kind says all of its effects; pc goes on to the next instruction unless said otherwise. */
public sealed interface Semantics {

    /** {@code rd = value}. */
    record Compute(Expression value) implements Semantics {}

    /** {@code rd = memory[address]}, of 1, 2 or 4 bytes, sign- or zero-extended. */
    record Load(int width, boolean signed, Expression address) implements Semantics {}

    /** {@code memory[address] = value}, the low 1, 2 or 4 bytes. */
    record Store(int width, Expression address, Expression value) implements Semantics {}

    /** {@code if (condition) pc = target}. */
    record Branch(Expression condition, Expression target) implements Semantics {}

    /** {@code rd = next pc; pc = target & ~1}; the target is worked out before rd is written. */
    record Jump(Expression target) implements Semantics {}

    /** {@code rd = memory[rs1]; memory[rs1] = value}, as one. */
    record Amo(Expression value) implements Semantics {}

    /** {@code rd = memory[rs1]}, and the word is reserved. */
    record LoadReserved() implements Semantics {}

    /** {@code memory[rs1] = rs2} and {@code rd = 0} if the word is still reserved, else {@code rd = 1}. */
    record StoreConditional() implements Semantics {}

    /** Reads a CSR into rd and changes it; {@code immediate}: the operand is the number of rs1, not its contents. */
    record Csr(CsrAction action, boolean immediate) implements Semantics {}

    /** Everything that concerns the hart as a whole. */
    record SystemOperation(SystemKind kind) implements Semantics {}

    /** How a CSR instruction changes the CSR (Zicsr). */
    enum CsrAction {
        WRITE,
        SET,
        CLEAR
    }

    /** The operations without operands in registers that matter to a tree. */
    enum SystemKind {
        FENCE,
        FENCE_I,
        ECALL,
        EBREAK,
        MRET,
        SRET,
        WFI,
        SFENCE_VMA
    }
}
