// Generated from hartbeat.emulator.isa.InstructionTable by InterpreterGenerator (src/test); do not edit.
package hartbeat.emulator.executor.interpreter;

import hartbeat.emulator.hart.Hart;
import hartbeat.emulator.isa.Arithmetic;
import hartbeat.emulator.isa.InstructionTable;
import hartbeat.emulator.isa.Semantics.CsrAction;
import hartbeat.emulator.isa.Semantics.SystemKind;
import hartbeat.emulator.mmu.Access;

/** Executes one decoded instruction, whatever comes of it. */
final class StepCore {
    private StepCore() {}

    /**
     * Executes the instruction at the hart's pc.
     *
     * @param id row of the instruction table
     * @param rd destination, with x0 as {@link Hart#DISCARD}
     * @param imm the immediate; of system instructions the encoding
     * @param next address of the instruction after this one
     * @return where to go on, zero-extended; negative if an exception was raised, and pc is at its handler
     */
    static long step(Hart hart, int id, int rd, int rs1, int rs2, int imm, int next) {
        int[] x = hart.registers();
        int pc = hart.pc();
        switch (id) {
            case 0 -> { // lui
                x[rd] = imm;
            }
            case 1 -> { // auipc
                x[rd] = (pc + imm);
            }
            case 2 -> { // addi
                x[rd] = (x[rs1] + imm);
            }
            case 3 -> { // slti
                x[rd] = (x[rs1] < imm ? 1 : 0);
            }
            case 4 -> { // sltiu
                x[rd] = (Integer.compareUnsigned(x[rs1], imm) < 0 ? 1 : 0);
            }
            case 5 -> { // xori
                x[rd] = (x[rs1] ^ imm);
            }
            case 6 -> { // ori
                x[rd] = (x[rs1] | imm);
            }
            case 7 -> { // andi
                x[rd] = (x[rs1] & imm);
            }
            case 8 -> { // slli
                x[rd] = (x[rs1] << imm);
            }
            case 9 -> { // srli
                x[rd] = (x[rs1] >>> imm);
            }
            case 10 -> { // srai
                x[rd] = (x[rs1] >> imm);
            }
            case 11 -> { // add
                x[rd] = (x[rs1] + x[rs2]);
            }
            case 12 -> { // sub
                x[rd] = (x[rs1] - x[rs2]);
            }
            case 13 -> { // sll
                x[rd] = (x[rs1] << x[rs2]);
            }
            case 14 -> { // slt
                x[rd] = (x[rs1] < x[rs2] ? 1 : 0);
            }
            case 15 -> { // sltu
                x[rd] = (Integer.compareUnsigned(x[rs1], x[rs2]) < 0 ? 1 : 0);
            }
            case 16 -> { // xor
                x[rd] = (x[rs1] ^ x[rs2]);
            }
            case 17 -> { // srl
                x[rd] = (x[rs1] >>> x[rs2]);
            }
            case 18 -> { // sra
                x[rd] = (x[rs1] >> x[rs2]);
            }
            case 19 -> { // or
                x[rd] = (x[rs1] | x[rs2]);
            }
            case 20 -> { // and
                x[rd] = (x[rs1] & x[rs2]);
            }
            case 21 -> { // lb
                long value = hart.mmu().load((x[rs1] + imm), 1);
                if (value < 0) {
                    return memoryFault(hart);
                }
                x[rd] = (byte) value;
            }
            case 22 -> { // lh
                long value = hart.mmu().load((x[rs1] + imm), 2);
                if (value < 0) {
                    return memoryFault(hart);
                }
                x[rd] = (short) value;
            }
            case 23 -> { // lw
                long value = hart.mmu().load((x[rs1] + imm), 4);
                if (value < 0) {
                    return memoryFault(hart);
                }
                x[rd] = (int) value;
            }
            case 24 -> { // lbu
                long value = hart.mmu().load((x[rs1] + imm), 1);
                if (value < 0) {
                    return memoryFault(hart);
                }
                x[rd] = (int) value;
            }
            case 25 -> { // lhu
                long value = hart.mmu().load((x[rs1] + imm), 2);
                if (value < 0) {
                    return memoryFault(hart);
                }
                x[rd] = (int) value;
            }
            case 26 -> { // sb
                if (!hart.mmu().store((x[rs1] + imm), 1, x[rs2])) {
                    return memoryFault(hart);
                }
            }
            case 27 -> { // sh
                if (!hart.mmu().store((x[rs1] + imm), 2, x[rs2])) {
                    return memoryFault(hart);
                }
            }
            case 28 -> { // sw
                if (!hart.mmu().store((x[rs1] + imm), 4, x[rs2])) {
                    return memoryFault(hart);
                }
            }
            case 29 -> { // beq
                if (x[rs1] == x[rs2]) {
                    return (pc + imm) & 0xffff_ffffL;
                }
            }
            case 30 -> { // bne
                if (x[rs1] != x[rs2]) {
                    return (pc + imm) & 0xffff_ffffL;
                }
            }
            case 31 -> { // blt
                if (x[rs1] < x[rs2]) {
                    return (pc + imm) & 0xffff_ffffL;
                }
            }
            case 32 -> { // bge
                if (x[rs1] >= x[rs2]) {
                    return (pc + imm) & 0xffff_ffffL;
                }
            }
            case 33 -> { // bltu
                if (Integer.compareUnsigned(x[rs1], x[rs2]) < 0) {
                    return (pc + imm) & 0xffff_ffffL;
                }
            }
            case 34 -> { // bgeu
                if (Integer.compareUnsigned(x[rs1], x[rs2]) >= 0) {
                    return (pc + imm) & 0xffff_ffffL;
                }
            }
            case 35 -> { // jal
                int target = (pc + imm) & ~1;
                x[rd] = next;
                return target & 0xffff_ffffL;
            }
            case 36 -> { // jalr
                int target = (x[rs1] + imm) & ~1;
                x[rd] = next;
                return target & 0xffff_ffffL;
            }
            case 37 -> { // mul
                x[rd] = (x[rs1] * x[rs2]);
            }
            case 38 -> { // mulh
                x[rd] = Arithmetic.mulh(x[rs1], x[rs2]);
            }
            case 39 -> { // mulhsu
                x[rd] = Arithmetic.mulhsu(x[rs1], x[rs2]);
            }
            case 40 -> { // mulhu
                x[rd] = Arithmetic.mulhu(x[rs1], x[rs2]);
            }
            case 41 -> { // div
                x[rd] = Arithmetic.div(x[rs1], x[rs2]);
            }
            case 42 -> { // divu
                x[rd] = Arithmetic.divu(x[rs1], x[rs2]);
            }
            case 43 -> { // rem
                x[rd] = Arithmetic.rem(x[rs1], x[rs2]);
            }
            case 44 -> { // remu
                x[rd] = Arithmetic.remu(x[rs1], x[rs2]);
            }
            case 45 -> { // lr.w
                long value = hart.loadReserved(x[rs1]);
                if (value < 0) {
                    return memoryFault(hart);
                }
                x[rd] = (int) value;
            }
            case 46 -> { // sc.w
                long value = hart.storeConditional(x[rs1], x[rs2]);
                if (value < 0) {
                    return memoryFault(hart);
                }
                x[rd] = (int) value;
            }
            case 47 -> { // amoswap.w
                int address = x[rs1];
                long physical = hart.mmu().locateAtomic(address, Access.STORE);
                if (physical < 0) {
                    return memoryFault(hart);
                }
                int memory = hart.mmu().loadAtomic(physical);
                hart.mmu().storeAtomic(address, physical, x[rs2]);
                x[rd] = memory;
            }
            case 48 -> { // amoadd.w
                int address = x[rs1];
                long physical = hart.mmu().locateAtomic(address, Access.STORE);
                if (physical < 0) {
                    return memoryFault(hart);
                }
                int memory = hart.mmu().loadAtomic(physical);
                hart.mmu().storeAtomic(address, physical, (memory + x[rs2]));
                x[rd] = memory;
            }
            case 49 -> { // amoxor.w
                int address = x[rs1];
                long physical = hart.mmu().locateAtomic(address, Access.STORE);
                if (physical < 0) {
                    return memoryFault(hart);
                }
                int memory = hart.mmu().loadAtomic(physical);
                hart.mmu().storeAtomic(address, physical, (memory ^ x[rs2]));
                x[rd] = memory;
            }
            case 50 -> { // amoand.w
                int address = x[rs1];
                long physical = hart.mmu().locateAtomic(address, Access.STORE);
                if (physical < 0) {
                    return memoryFault(hart);
                }
                int memory = hart.mmu().loadAtomic(physical);
                hart.mmu().storeAtomic(address, physical, (memory & x[rs2]));
                x[rd] = memory;
            }
            case 51 -> { // amoor.w
                int address = x[rs1];
                long physical = hart.mmu().locateAtomic(address, Access.STORE);
                if (physical < 0) {
                    return memoryFault(hart);
                }
                int memory = hart.mmu().loadAtomic(physical);
                hart.mmu().storeAtomic(address, physical, (memory | x[rs2]));
                x[rd] = memory;
            }
            case 52 -> { // amomin.w
                int address = x[rs1];
                long physical = hart.mmu().locateAtomic(address, Access.STORE);
                if (physical < 0) {
                    return memoryFault(hart);
                }
                int memory = hart.mmu().loadAtomic(physical);
                hart.mmu().storeAtomic(address, physical, Math.min(memory, x[rs2]));
                x[rd] = memory;
            }
            case 53 -> { // amomax.w
                int address = x[rs1];
                long physical = hart.mmu().locateAtomic(address, Access.STORE);
                if (physical < 0) {
                    return memoryFault(hart);
                }
                int memory = hart.mmu().loadAtomic(physical);
                hart.mmu().storeAtomic(address, physical, Math.max(memory, x[rs2]));
                x[rd] = memory;
            }
            case 54 -> { // amominu.w
                int address = x[rs1];
                long physical = hart.mmu().locateAtomic(address, Access.STORE);
                if (physical < 0) {
                    return memoryFault(hart);
                }
                int memory = hart.mmu().loadAtomic(physical);
                hart.mmu().storeAtomic(address, physical, Arithmetic.minu(memory, x[rs2]));
                x[rd] = memory;
            }
            case 55 -> { // amomaxu.w
                int address = x[rs1];
                long physical = hart.mmu().locateAtomic(address, Access.STORE);
                if (physical < 0) {
                    return memoryFault(hart);
                }
                int memory = hart.mmu().loadAtomic(physical);
                hart.mmu().storeAtomic(address, physical, Arithmetic.maxu(memory, x[rs2]));
                x[rd] = memory;
            }
            case 56 -> { // fence
                return hart.system(SystemKind.FENCE, next, imm);
            }
            case 57 -> { // fence.i
                return hart.system(SystemKind.FENCE_I, next, imm);
            }
            case 58 -> { // ecall
                return hart.system(SystemKind.ECALL, next, imm);
            }
            case 59 -> { // ebreak
                return hart.system(SystemKind.EBREAK, next, imm);
            }
            case 60 -> { // sret
                return hart.system(SystemKind.SRET, next, imm);
            }
            case 61 -> { // mret
                return hart.system(SystemKind.MRET, next, imm);
            }
            case 62 -> { // wfi
                return hart.system(SystemKind.WFI, next, imm);
            }
            case 63 -> { // sfence.vma
                return hart.system(SystemKind.SFENCE_VMA, next, imm);
            }
            case 64 -> { // csrrw
                long old = hart.accessCsr(imm, CsrAction.WRITE, x[rs1], true);
                if (old < 0) {
                    return illegalCsr(hart, id, rd, rs1, imm);
                }
                x[rd] = (int) old;
            }
            case 65 -> { // csrrs
                long old = hart.accessCsr(imm, CsrAction.SET, x[rs1], rs1 != 0);
                if (old < 0) {
                    return illegalCsr(hart, id, rd, rs1, imm);
                }
                x[rd] = (int) old;
            }
            case 66 -> { // csrrc
                long old = hart.accessCsr(imm, CsrAction.CLEAR, x[rs1], rs1 != 0);
                if (old < 0) {
                    return illegalCsr(hart, id, rd, rs1, imm);
                }
                x[rd] = (int) old;
            }
            case 67 -> { // csrrwi
                long old = hart.accessCsr(imm, CsrAction.WRITE, rs1, true);
                if (old < 0) {
                    return illegalCsr(hart, id, rd, rs1, imm);
                }
                x[rd] = (int) old;
            }
            case 68 -> { // csrrsi
                long old = hart.accessCsr(imm, CsrAction.SET, rs1, rs1 != 0);
                if (old < 0) {
                    return illegalCsr(hart, id, rd, rs1, imm);
                }
                x[rd] = (int) old;
            }
            case 69 -> { // csrrci
                long old = hart.accessCsr(imm, CsrAction.CLEAR, rs1, rs1 != 0);
                if (old < 0) {
                    return illegalCsr(hart, id, rd, rs1, imm);
                }
                x[rd] = (int) old;
            }
            default -> throw new IllegalArgumentException("no instruction has id " + id);
        }
        return next & 0xffff_ffffL;
    }

    private static long memoryFault(Hart hart) {
        hart.memoryFault();
        return -1;
    }

    private static long illegalCsr(Hart hart, int id, int rd, int rs1, int imm) {
        hart.illegalInstruction(
                InstructionTable.ALL_INSTRUCTIONS.get(id).encode(rd, rs1, 0, imm));
        return -1;
    }
}
