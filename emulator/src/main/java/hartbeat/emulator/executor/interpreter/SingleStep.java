package hartbeat.emulator.executor.interpreter;

import hartbeat.emulator.hart.Hart;
import hartbeat.emulator.isa.Decoded;
import hartbeat.emulator.isa.Decoder;
import hartbeat.emulator.isa.Semantics;
import hartbeat.emulator.machine.RunState;
import hartbeat.emulator.mmu.Mmu;

/** Fetches, decodes and executes one instruction, with nothing remembered. */
final class SingleStep {
    private SingleStep() {}

    /** One instruction of {@code hart}; icount grows by one if it retires or if the hart is stalled now. */
    static void run(RunState run, Hart hart) {
        int pc = hart.pc();
        Mmu mmu = hart.mmu();
        long bits = fetch(mmu, pc);
        if (bits >= 0 && Decoder.length((int) bits) == 4) {
            long high = fetch(mmu, pc + 2);
            bits = high < 0 ? high : bits | high << 16;
        }
        long next = Mmu.FAULT;
        if (bits < 0) {
            hart.memoryFault();
        } else {
            Decoded decoded = Decoder.decode((int) bits);
            if (decoded == null) {
                hart.illegalInstruction((int) bits);
            } else {
                next = execute(hart, decoded);
            }
        }
        if (next >= 0) {
            hart.pc((int) next);
        }
        if (next >= 0 || hart.stalled()) {
            run.icount(run.icount() + 1);
        }
    }

    private static long fetch(Mmu mmu, int pc) {
        long physical = mmu.locateFetch(pc);
        return physical < 0 ? physical : mmu.fetch(pc, physical);
    }

    private static long execute(Hart hart, Decoded decoded) {
        return StepCore.step(
                hart,
                decoded.instruction().id(),
                decoded.rd() == 0 ? Hart.DISCARD : decoded.rd(),
                decoded.rs1(),
                decoded.rs2(),
                immediate(decoded),
                hart.pc() + decoded.length());
    }

    /** System instructions have no immediate; their encoding stands in its place, for {@code xtval}. */
    static int immediate(Decoded decoded) {
        return decoded.instruction().semantics() instanceof Semantics.SystemOperation ? decoded.bits() : decoded.imm();
    }
}
