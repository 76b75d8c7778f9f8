// Generated from hartbeat.emulator.isa.InstructionTable by InterpreterGenerator (src/test); do not edit.
package hartbeat.emulator.executor.interpreter;

import hartbeat.emulator.hart.Hart;
import hartbeat.emulator.isa.Arithmetic;
import hartbeat.emulator.memory.HostMemory;

/** The hot loop over decoded blocks. */
final class BlockCore {
    private BlockCore() {}

    /**
     * Runs {@code block} and those that follow it until something must be seen to outside; the interpreter then has the
     * exact budget and the hart its exact pc.
     *
     * @param left instructions that may be executed, at least the block's length
     */
    static void execute(BlockExecutor interpreter, Hart hart, Block block, long left) {
        int[] x = hart.registers();
        long[] table = hart.mmu().accessTables();
        int first = hart.mmu().accessTable();
        Block[] jumps = interpreter.jumps();
        long epoch = hart.mmu().fetchEpoch();
        chain:
        while (true) {
            if (left < block.length) {
                interpreter.leave(hart, block.pc, left);
                return;
            }
            left -= block.length;
            long[] code = block.code;
            boolean taken = false;
            int i = 0;
            body:
            while (true) {
                long element = code[i++];
                int rd = (int) (element >>> 8) & 63;
                int rs1 = (int) (element >>> 16) & 63;
                int rs2 = (int) (element >>> 24) & 63;
                int imm = (int) (element >>> 32);
                switch ((int) element & 0xff) {
                    case 0: { // lui
                        x[rd] = imm;
                        continue;
                    }
                    case 2: { // addi
                        x[rd] = (x[rs1] + imm);
                        continue;
                    }
                    case 3: { // slti
                        x[rd] = (x[rs1] < imm ? 1 : 0);
                        continue;
                    }
                    case 4: { // sltiu
                        x[rd] = (Integer.compareUnsigned(x[rs1], imm) < 0 ? 1 : 0);
                        continue;
                    }
                    case 5: { // xori
                        x[rd] = (x[rs1] ^ imm);
                        continue;
                    }
                    case 6: { // ori
                        x[rd] = (x[rs1] | imm);
                        continue;
                    }
                    case 7: { // andi
                        x[rd] = (x[rs1] & imm);
                        continue;
                    }
                    case 8: { // slli
                        x[rd] = (x[rs1] << imm);
                        continue;
                    }
                    case 9: { // srli
                        x[rd] = (x[rs1] >>> imm);
                        continue;
                    }
                    case 10: { // srai
                        x[rd] = (x[rs1] >> imm);
                        continue;
                    }
                    case 11: { // add
                        x[rd] = (x[rs1] + x[rs2]);
                        continue;
                    }
                    case 12: { // sub
                        x[rd] = (x[rs1] - x[rs2]);
                        continue;
                    }
                    case 13: { // sll
                        x[rd] = (x[rs1] << x[rs2]);
                        continue;
                    }
                    case 14: { // slt
                        x[rd] = (x[rs1] < x[rs2] ? 1 : 0);
                        continue;
                    }
                    case 15: { // sltu
                        x[rd] = (Integer.compareUnsigned(x[rs1], x[rs2]) < 0 ? 1 : 0);
                        continue;
                    }
                    case 16: { // xor
                        x[rd] = (x[rs1] ^ x[rs2]);
                        continue;
                    }
                    case 17: { // srl
                        x[rd] = (x[rs1] >>> x[rs2]);
                        continue;
                    }
                    case 18: { // sra
                        x[rd] = (x[rs1] >> x[rs2]);
                        continue;
                    }
                    case 19: { // or
                        x[rd] = (x[rs1] | x[rs2]);
                        continue;
                    }
                    case 20: { // and
                        x[rd] = (x[rs1] & x[rs2]);
                        continue;
                    }
                    case 21: { // lb
                        int address = (x[rs1] + imm);
                        int entry = first + (address >>> 9 & 0xff8);
                        if ((int) table[entry] == (address & 0xffff_f000)) {
                            x[rd] = HostMemory.s8(table[entry + 1] + (address & 0xffff_ffffL));
                        } else if (interpreter.slow(hart, block, i, left)) {
                            return;
                        }
                        continue;
                    }
                    case 22: { // lh
                        int address = (x[rs1] + imm);
                        int entry = first + (address >>> 9 & 0xff8);
                        if ((int) table[entry] == (address & 0xffff_f001)) {
                            x[rd] = HostMemory.s16(table[entry + 1] + (address & 0xffff_ffffL));
                        } else if (interpreter.slow(hart, block, i, left)) {
                            return;
                        }
                        continue;
                    }
                    case 23: { // lw
                        int address = (x[rs1] + imm);
                        int entry = first + (address >>> 9 & 0xff8);
                        if ((int) table[entry] == (address & 0xffff_f003)) {
                            x[rd] = HostMemory.i32(table[entry + 1] + (address & 0xffff_ffffL));
                        } else if (interpreter.slow(hart, block, i, left)) {
                            return;
                        }
                        continue;
                    }
                    case 24: { // lbu
                        int address = (x[rs1] + imm);
                        int entry = first + (address >>> 9 & 0xff8);
                        if ((int) table[entry] == (address & 0xffff_f000)) {
                            x[rd] = HostMemory.u8(table[entry + 1] + (address & 0xffff_ffffL));
                        } else if (interpreter.slow(hart, block, i, left)) {
                            return;
                        }
                        continue;
                    }
                    case 25: { // lhu
                        int address = (x[rs1] + imm);
                        int entry = first + (address >>> 9 & 0xff8);
                        if ((int) table[entry] == (address & 0xffff_f001)) {
                            x[rd] = HostMemory.u16(table[entry + 1] + (address & 0xffff_ffffL));
                        } else if (interpreter.slow(hart, block, i, left)) {
                            return;
                        }
                        continue;
                    }
                    case 26: { // sb
                        int address = (x[rs1] + imm);
                        int entry = first + (address >>> 9 & 0xff8);
                        if ((int) table[entry + 2] == (address & 0xffff_f000)) {
                            HostMemory.i8(table[entry + 3] + (address & 0xffff_ffffL), x[rs2]);
                        } else if (interpreter.slow(hart, block, i, left)) {
                            return;
                        }
                        continue;
                    }
                    case 27: { // sh
                        int address = (x[rs1] + imm);
                        int entry = first + (address >>> 9 & 0xff8);
                        if ((int) table[entry + 2] == (address & 0xffff_f001)) {
                            HostMemory.i16(table[entry + 3] + (address & 0xffff_ffffL), x[rs2]);
                        } else if (interpreter.slow(hart, block, i, left)) {
                            return;
                        }
                        continue;
                    }
                    case 28: { // sw
                        int address = (x[rs1] + imm);
                        int entry = first + (address >>> 9 & 0xff8);
                        if ((int) table[entry + 2] == (address & 0xffff_f003)) {
                            HostMemory.i32(table[entry + 3] + (address & 0xffff_ffffL), x[rs2]);
                        } else if (interpreter.slow(hart, block, i, left)) {
                            return;
                        }
                        continue;
                    }
                    case 29: { // beq
                        taken = x[rs1] == x[rs2];
                        break body;
                    }
                    case 30: { // bne
                        taken = x[rs1] != x[rs2];
                        break body;
                    }
                    case 31: { // blt
                        taken = x[rs1] < x[rs2];
                        break body;
                    }
                    case 32: { // bge
                        taken = x[rs1] >= x[rs2];
                        break body;
                    }
                    case 33: { // bltu
                        taken = Integer.compareUnsigned(x[rs1], x[rs2]) < 0;
                        break body;
                    }
                    case 34: { // bgeu
                        taken = Integer.compareUnsigned(x[rs1], x[rs2]) >= 0;
                        break body;
                    }
                    case 35: { // jal
                        x[rd] = imm;
                        taken = true;
                        break body;
                    }
                    case 36: { // jalr
                        int target = (x[rs1] + imm) & ~1;
                        x[rd] = block.fallPc;
                        Block next = jumps[BlockExecutor.jumpIndex(target)];
                        if (next.pc != target || next.epoch != epoch) {
                            next = interpreter.jump(hart, target, left);
                            if (next == null) {
                                return;
                            }
                        }
                        block = next;
                        continue chain;
                    }
                    case 37: { // mul
                        x[rd] = (x[rs1] * x[rs2]);
                        continue;
                    }
                    case 38: { // mulh
                        x[rd] = Arithmetic.mulh(x[rs1], x[rs2]);
                        continue;
                    }
                    case 39: { // mulhsu
                        x[rd] = Arithmetic.mulhsu(x[rs1], x[rs2]);
                        continue;
                    }
                    case 40: { // mulhu
                        x[rd] = Arithmetic.mulhu(x[rs1], x[rs2]);
                        continue;
                    }
                    case 41: { // div
                        x[rd] = Arithmetic.div(x[rs1], x[rs2]);
                        continue;
                    }
                    case 42: { // divu
                        x[rd] = Arithmetic.divu(x[rs1], x[rs2]);
                        continue;
                    }
                    case 43: { // rem
                        x[rd] = Arithmetic.rem(x[rs1], x[rs2]);
                        continue;
                    }
                    case 44: { // remu
                        x[rd] = Arithmetic.remu(x[rs1], x[rs2]);
                        continue;
                    }
                    case 56: { // fence
                        continue;
                    }
                    case Block.END: {
                        break body;
                    }
                    default: {
                        if (interpreter.slow(hart, block, i, left)) {
                            return;
                        }
                    }
                }
            }
            Block next = taken ? block.taken : block.fall;
            if (next.epoch != epoch) {
                next = interpreter.follow(hart, block, taken, left);
                if (next == null) {
                    return;
                }
            }
            block = next;
        }
    }
}
